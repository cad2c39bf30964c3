/** Meyda: mel bands frame by frame, with its own filters and logarithm; frames of 512, as it takes powers of two. */
import { createRequire } from "node:module";
import { finish, measure, noise } from "./measure.mjs";

const require = createRequire(import.meta.url);
const Meyda = require("meyda");

const waveform = noise(160_000);
Meyda.bufferSize = 512;
Meyda.sampleRate = 16000;
Meyda.melBands = 128;
await measure("log filterbank, 10 s at 16 kHz, 128 bands", () => {
  for (let start = 0; start + 512 <= waveform.length; start += 160) {
    Meyda.extract("melBands", waveform.subarray(start, start + 512));
  }
});

finish(`meyda ${require("meyda/package.json").version}`);

/** Sounds as Kaldi's log mel filterbank on a fixed scale: MLA's transformer path. */
import {
  fitFrames,
  logFilterbank,
  normaliseWaveform,
  PAPER_FILTERBANK,
  PAPER_FRAMES,
  PAPER_SPECTRA_SCALE,
  standardise,
} from "../../../features/index.ts";
import type { DenseForm, FormChoice } from "../form.ts";
import { readSamples } from "./read-samples.ts";

export interface FilterbankSettings {
  /** Hertz; sounds at another rate are converted. */
  readonly sampleRate: number;
  /** Frames of 10 ms; what is longer is cut, what is shorter is followed by zeros. */
  readonly frames: number;
}

/** [frames, 128, 1]: by default 1024 frames from 16 kHz, as (value + 5.081) / 4.4849. */
export function filterbank(settings: Partial<FilterbankSettings> = {}): FormChoice {
  const full: FilterbankSettings = { sampleRate: 16000, frames: PAPER_FRAMES, ...settings };
  return { form: filterbankForm.name, settings: full };
}

/** Milliseconds that the last frame reaches beyond its hop, and some to spare. */
const TAIL_MS = 25;
const HOP_MS = 10;

export const filterbankForm: DenseForm<FilterbankSettings> = {
  kind: "dense",
  name: "filterbank",
  version: 1,
  dtype: "F16",
  shape: ({ frames }) => [frames, PAPER_FILTERBANK.bands, 1],
  async read(cell, { sampleRate, frames }, tools) {
    const samples = await readSamples("filterbank", cell, sampleRate, tools);
    const longest = Math.ceil((sampleRate * (frames * HOP_MS + TAIL_MS)) / 1000);
    // The mean is that of the whole sound, as the authors have it.
    const waveform = normaliseWaveform(samples).subarray(0, longest);
    const spectra = logFilterbank(tools.features, waveform, { ...PAPER_FILTERBANK, sampleRate });
    return standardise(fitFrames(spectra, frames), PAPER_SPECTRA_SCALE).values;
  },
  describe: ({ frames, sampleRate }) =>
    `log mel filterbank, ${frames} frames of ${HOP_MS} ms x ${PAPER_FILTERBANK.bands} bands, from ${sampleRate} Hz`,
  encoder: () => ({ name: "transformer", options: { patch: [16, 16] } }),
};

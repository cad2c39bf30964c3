/** Sounds as log mel spectrograms of one length, kept in half precision. */
import { logFilterbank } from "../../../features/index.ts";
import type { DenseForm, FormChoice } from "../form.ts";
import { readSamples } from "./read-samples.ts";

export interface SoundSettings {
  /** Hertz; sounds at another rate are converted. */
  readonly sampleRate: number;
  /** Mel bands. */
  readonly bands: number;
  /** Frames that come out; what is longer is cut, what is shorter is followed by silence. */
  readonly frames: number;
  readonly hopMs: number;
  readonly frameMs: number;
  /** Silence before and after is cut off first: samples below this share of the loudest one; 0: nothing is cut. */
  readonly trim: number;
}

/** Energies below count as this one, on the scale of 16-bit integers: silence is 0, not a number of its own far away. */
const FLOOR = 1;

/** [frames, bands, 1]: natural logarithm of Kaldi's mel energies, of the waveform less its mean. */
export function sound(
  settings: Partial<SoundSettings> & Pick<SoundSettings, "frames">,
): FormChoice {
  const full: SoundSettings = {
    sampleRate: 16000,
    bands: 64,
    hopMs: 10,
    frameMs: 25,
    trim: 0,
    ...settings,
  };
  return { form: soundForm.name, settings: full };
}

export const soundForm: DenseForm<SoundSettings> = {
  kind: "dense",
  name: "sound",
  version: 2,
  dtype: "F16",
  shape: ({ frames, bands }) => [frames, bands, 1],
  async read(cell, settings, tools) {
    const { sampleRate, bands, frames, hopMs, frameMs } = settings;
    const samples = prepareSamples(await readSamples("sound", cell, sampleRate, tools), settings);
    const { values, shape } = logFilterbank(tools.features, samples, {
      sampleRate,
      bands,
      hopMs,
      frameMs,
      floor: FLOOR,
    });
    const out = new Float32Array(frames * bands);
    out.set(values.subarray(0, Math.min(shape[0], frames) * bands));
    return out;
  },
  describe: ({ frames, bands, hopMs, sampleRate }) =>
    `log mel spectrogram, ${frames} frames of ${hopMs} ms x ${bands} bands, from ${sampleRate} Hz`,
  encoder: () => ({ name: "conv", options: {} }),
};

/** Silence cut off, the mean subtracted, and exactly as many samples as the frames span. */
function prepareSamples(raw: Float32Array, settings: SoundSettings): Float32Array {
  const { sampleRate, frames, hopMs, frameMs, trim } = settings;
  const [start, end] = loudPart(raw, trim);
  const hop = Math.floor((sampleRate * hopMs) / 1000);
  const frame = Math.floor((sampleRate * frameMs) / 1000);
  const length = (frames - 1) * hop + frame;
  const used = raw.subarray(start, Math.min(end, start + length));
  let sum = 0;
  for (const sample of used) sum += sample;
  const mean = sum / used.length;
  const out = new Float32Array(length);
  // Kaldi's scale is that of 16-bit integers.
  for (let i = 0; i < used.length; i++) out[i] = ((used[i] as number) - mean) * 32768;
  return out;
}

function loudPart(samples: Float32Array, trim: number): [number, number] {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  if (peak === 0 || trim === 0) return [0, samples.length];
  const limit = peak * trim;
  let start = 0;
  while (Math.abs(samples[start] as number) < limit) start++;
  let end = samples.length;
  while (Math.abs(samples[end - 1] as number) < limit) end--;
  return [start, end];
}

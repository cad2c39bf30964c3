/** Sounds as log magnitude spectrograms of one length: MLA's ResNet path. */
import {
  clipWaveform,
  PAPER_SPECTROGRAM,
  spectrogram as spectrogramOf,
  tileWaveform,
} from "../../../features/index.ts";
import type { DenseForm, FormChoice } from "../form.ts";
import { readSamples } from "./read-samples.ts";

export interface SpectrogramSettings {
  /** Hertz; sounds at another rate are converted. */
  readonly sampleRate: number;
  /** What is kept from the start on; what is shorter is repeated. */
  readonly seconds: number;
}

/** [129, frames, 1]: log(|S| + 1e-7) of 256 samples every 128; by default 5 s of 16 kHz, 626 frames. */
export function spectrogram(settings: Partial<SpectrogramSettings> = {}): FormChoice {
  const full: SpectrogramSettings = { sampleRate: 16000, seconds: 5, ...settings };
  return { form: spectrogramForm.name, settings: full };
}

const { fftSize, hop } = PAPER_SPECTROGRAM;
const BINS = fftSize / 2 + 1;

function lengthOf({ sampleRate, seconds }: SpectrogramSettings): number {
  return Math.floor(sampleRate * seconds);
}

export const spectrogramForm: DenseForm<SpectrogramSettings> = {
  kind: "dense",
  name: "spectrogram",
  version: 1,
  dtype: "F16",
  // Frequency first, as the authors' networks see it.
  shape: (settings) => [BINS, Math.floor(lengthOf(settings) / hop) + 1, 1],
  async read(cell, settings, tools) {
    const samples = await readSamples("spectrogram", cell, settings.sampleRate, tools);
    const waveform = clipWaveform(tileWaveform(samples, lengthOf(settings)));
    const { values, shape } = spectrogramOf(tools.features, waveform, PAPER_SPECTROGRAM);
    const [frames] = shape;
    const out = new Float32Array(values.length);
    for (let frame = 0, at = 0; frame < frames; frame++) {
      for (let bin = 0; bin < BINS; bin++) out[bin * frames + frame] = values[at++] as number;
    }
    return out;
  },
  describe: ({ sampleRate, seconds }) =>
    `log spectrogram of ${BINS} frequencies, ${seconds} s from ${sampleRate} Hz`,
  encoder: () => ({ name: "resnet18", options: {} }),
};

/** What comes before training: spectra of sound, pictures at another size. One core, wall time of one call. */
import {
  createFeatures,
  type Features,
  logFilterbank,
  PAPER_FILTERBANK,
  PAPER_SPECTROGRAM,
  type Picture,
  resample,
  resize,
  spectrogram,
} from "../src/features/index.ts";
import type { BenchCase, BenchGroup, Work } from "./support/bench-case.ts";
import { expectNear } from "./support/expect.ts";
import { seeded } from "./support/seeded.ts";

const RATE = 16000;
const SECONDS = 10;

function bench(
  name: string,
  work: Work | undefined,
  make: (features: Features) => () => void,
): BenchCase {
  return {
    name,
    ...(work === undefined ? {} : { work }),
    prepare: async () => ({ run: make(await createFeatures()) }),
  };
}

/** Random bytes. */
function picture(width: number, height: number, channels: number): Picture<Uint8Array> {
  const data = Uint8Array.from(seeded(width * height * channels, 1, 128), (x) => x + 128);
  return { width, height, channels, data };
}

function resizeCase(filter: "bilinear" | "bicubic", channels: number): BenchCase {
  const [from, to] = [512, 224];
  const work = { amount: from * from, unit: "pixel" } as const;
  return bench(`resize ${from}x${from}x${channels} to ${to}x${to} ${filter}`, work, (features) => {
    const source = picture(from, from, channels);
    const size = { width: to, height: to, filter };
    const out = resize(features, source, size).data;
    const mean = (bytes: Uint8Array) => bytes.reduce((sum, x) => sum + x, 0) / bytes.length;
    expectNear("mean of the picture", mean(out), mean(source.data), 0.01);
    return () => resize(features, source, size);
  });
}

export const featuresGroup: BenchGroup = {
  title: "Features: sound of 10 s, pictures (rate in pixels of the source)",
  cases: [
    bench("log filterbank, 10 s at 16 kHz, 128 bands", undefined, (features) => {
      const waveform = seeded(SECONDS * RATE, 1);
      const options = { ...PAPER_FILTERBANK, sampleRate: RATE };
      const { values, shape } = logFilterbank(features, waveform, options);
      expectNear("frames", shape[0], 998, 0);
      expectNear(
        "sum of the values",
        Number.isFinite(values.reduce((a, b) => a + b, 0)) ? 1 : 0,
        1,
        0,
      );
      return () => logFilterbank(features, waveform, options);
    }),
    bench("log spectrogram, 10 s at 16 kHz, 256 by 128", undefined, (features) => {
      const waveform = seeded(SECONDS * RATE, 1);
      expectNear("frames", spectrogram(features, waveform, PAPER_SPECTROGRAM).shape[0], 1251, 0);
      return () => spectrogram(features, waveform, PAPER_SPECTROGRAM);
    }),
    bench("resample, 10 s from 44.1 to 16 kHz", undefined, (features) => {
      const waveform = seeded(SECONDS * 44100, 1);
      const options = { from: 44100, to: RATE };
      expectNear("samples", resample(features, waveform, options).length, SECONDS * RATE, 0);
      return () => resample(features, waveform, options);
    }),
    resizeCase("bilinear", 3),
    resizeCase("bicubic", 3),
    resizeCase("bilinear", 1),
    resizeCase("bilinear", 4),
  ],
};

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import {
  type FilterbankOptions,
  logFilterbank,
  PAPER_FILTERBANK,
} from "../../src/features/filterbank.ts";
import {
  type MelSpectrogramOptions,
  melSpectrogram,
  PAPER_SPECTROGRAM,
  type SpectrogramOptions,
  spectrogram,
  stft,
} from "../../src/features/spectrogram.ts";
import type { StftOptions } from "../../src/features/stft-frames.ts";
import { FEATURES, worstError } from "../support/features.ts";
import { noise } from "../support/kernel-core.ts";
import { type FunctionCase, fixtureCases, WAVEFORM } from "./fixture.ts";

const { simd, scalar } = FEATURES;

/** What all cases of a function must satisfy, on both builds. */
function describeCases<O>(
  name: string,
  run: (
    features: typeof simd,
    waveform: Float32Array,
    options: O,
  ) => { values: Float32Array; shape: readonly number[] },
): void {
  describe(name, () => {
    for (const { options, shape, values } of fixtureCases<FunctionCase<O>>(name)) {
      it(`agrees with NumPy in float64, ${JSON.stringify(options)}`, () => {
        const got = run(simd, WAVEFORM, options);
        expect(got.shape).toEqual(shape);
        expect(worstError(got.values, values)).toBeLessThan(2e-6);
        expect(run(scalar, WAVEFORM, options).values).toEqual(got.values);
      });
    }
  });
}

describeCases<FilterbankOptions>("filterbank", logFilterbank);
describeCases<StftOptions>("stft", stft);
describeCases<SpectrogramOptions>("spectrogram", spectrogram);
describeCases<MelSpectrogramOptions>("melSpectrogram", melSpectrogram);

describe("stft", () => {
  it("is the transform by its definition, for every size up to 40 and some with large prime factors", () => {
    for (const size of [
      ...Array.from({ length: 39 }, (_, i) => i + 2),
      74,
      97,
      120,
      128,
      210,
      384,
    ]) {
      const x = noise(size + 1, size);
      const options = { fftSize: size, hop: 1, centre: false, window: "rectangular" } as const;
      const { values, shape } = stft(simd, x, options);
      expect(shape).toEqual([2, (size >> 1) + 1, 2]);
      const wanted: number[] = [];
      for (const start of [0, 1]) {
        for (let k = 0; k <= size >> 1; k++) {
          let [re, im] = [0, 0];
          for (let t = 0; t < size; t++) {
            const angle = (-2 * Math.PI * ((k * t) % size)) / size;
            re += (x[start + t] as number) * Math.cos(angle);
            im += (x[start + t] as number) * Math.sin(angle);
          }
          wanted.push(re, im);
        }
      }
      expect(worstError(values, wanted), `size ${size}`).toBeLessThan(1e-6);
      expect(stft(scalar, x, options).values).toEqual(values);
    }
  });

  it("keeps a pair of frames apart: each row is that of the frame alone", () => {
    fc.assert(
      fc.property(
        fc.record({ frames: fc.integer({ min: 1, max: 7 }), hop: fc.integer({ min: 1, max: 9 }) }),
        ({ frames, hop }) => {
          const options = { fftSize: 12, hop, centre: false } as const;
          const x = noise((frames - 1) * hop + 12, frames * 10 + hop);
          const { values } = spectrogram(simd, x, options);
          for (let i = 0; i < frames; i++) {
            const alone = spectrogram(simd, x.slice(i * hop, i * hop + 12), options);
            expect(values.slice(7 * i, 7 * i + 7)).toEqual(alone.values);
          }
        },
      ),
    );
  });

  it("gives the same rows however many frames one call has: blocks leave no seam", () => {
    const x = noise(4100 * 2 + 8, 3);
    const options = { fftSize: 8, hop: 2, centre: false } as const;
    const { values } = spectrogram(simd, x, options);
    const rest = spectrogram(simd, x.subarray(4090 * 2), options);
    expect(values.slice(4090 * 5)).toEqual(rest.values);
  });

  it("loses nothing of a tone 120 dB below another", () => {
    const x = Float32Array.from({ length: 512 }, (_, t) => (t % 4 === 0 ? 1 : 0));
    const { values } = spectrogram(simd, x, { fftSize: 512, centre: false, window: "rectangular" });
    expect(values[0]).toBe(128);
    expect(values[1]).toBeLessThan(1e-12);
  });
});

describe("the paper's settings", () => {
  it("give 129 x 626 numbers for 5 s, and 128 per 10 ms", () => {
    const x = noise(5 * 16000, 5);
    expect(spectrogram(simd, x, PAPER_SPECTROGRAM).shape).toEqual([626, 129]);
    expect(logFilterbank(simd, x, { ...PAPER_FILTERBANK, sampleRate: 16000 }).shape).toEqual([
      498, 128,
    ]);
  });
});

describe("bad input", () => {
  const bank = (waveform: Float32Array, options: Partial<FilterbankOptions> = {}) =>
    logFilterbank(simd, waveform, { sampleRate: 16000, ...options });

  it("refuses empty and short waveforms, and numbers that are not finite", () => {
    expect(() => bank(new Float32Array(0))).toThrow(DataError);
    expect(() => bank(new Float32Array(0))).toThrow("expected at least one sample, got none");
    expect(() => bank(new Int16Array(500) as unknown as Float32Array)).toThrow(
      "expected Float32Array, got Int16Array",
    );
    expect(() => bank(new Float32Array(399))).toThrow("expected at least 400 samples, got 399");
    expect(bank(new Float32Array(400)).shape).toEqual([1, 23]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const x = new Float32Array(500);
      x[123] = bad;
      expect(() => bank(x)).toThrow(`expected finite numbers, got ${bad} at sample 123`);
      expect(() => spectrogram(simd, x, { fftSize: 8 })).toThrow(DataError);
    }
    expect(() => stft(simd, noise(4, 1), { fftSize: 8 })).toThrow("Cannot mirror the ends");
    expect(() => stft(simd, noise(4, 1), { fftSize: 8, centre: false })).toThrow(
      "stft: Cannot fill a frame: expected at least 8 samples, got 4",
    );
  });

  it("refuses options out of range, and lists the valid names", () => {
    const x = noise(1000, 2);
    for (const sampleRate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => bank(x, { sampleRate })).toThrow(OptionError);
    }
    expect(() => bank(x, { window: "gauss" as "hann" })).toThrow(
      'window: Cannot find window "gauss": expected one of "povey", "hann"',
    );
    expect(() => bank(x, { frameMs: 0 })).toThrow("Cannot use frameMs");
    expect(() => bank(x, { hopMs: Number.NaN })).toThrow("Cannot use hopMs");
    expect(() => bank(x, { preemphasis: 2 })).toThrow("Cannot use preemphasis");
    expect(() => bank(x, { floor: -1 })).toThrow("Cannot use floor");
    expect(() => bank(x, { bands: 1.5 })).toThrow("mel: Cannot use bands");
    expect(() => bank(x, { highHz: 8001 })).toThrow("0 <= lowHz < highHz <= 8000");
    expect(() => spectrogram(simd, x, { fftSize: 1 })).toThrow("Cannot use fftSize");
    expect(() => spectrogram(simd, x, { fftSize: 8, windowLength: 9 })).toThrow("from 1 to 8");
    expect(() => spectrogram(simd, x, { fftSize: 8, hop: 0 })).toThrow("Cannot use hop");
    expect(() => spectrogram(simd, x, { fftSize: 8, pad: "wrap" as "zero" })).toThrow(
      '"reflect", "zero"',
    );
    expect(() => spectrogram(simd, x, { fftSize: 8, log: { offset: -1 } })).toThrow(OptionError);
    const mel = { sampleRate: 16000, fftSize: 64, scale: "bark" as "htk" };
    expect(() => melSpectrogram(simd, x, mel)).toThrow('"htk", "slaney"');
  });
});

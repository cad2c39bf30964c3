import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/engine/errors.ts";
import { type ResampleOptions, resample } from "../../src/features/resample.ts";
import { rootsOfUnity, sinHalfTurns } from "../../src/features/roots.ts";
import {
  clipWaveform,
  normaliseWaveform,
  tileWaveform,
  toMono,
} from "../../src/features/waveform.ts";
import { FEATURES, worstError } from "../support/features.ts";
import { noise } from "../support/kernel-core.ts";
import { type FunctionCase, fixtureCases, WAVEFORM } from "./fixture.ts";

const { simd, scalar } = FEATURES;

describe("resample", () => {
  for (const { options, shape, values } of fixtureCases<FunctionCase<ResampleOptions>>(
    "resample",
  )) {
    it(`agrees with SciPy's polyphase filter in float64, ${JSON.stringify(options)}`, () => {
      const x = WAVEFORM.subarray(0, 150);
      const got = resample(simd, x, options);
      expect([got.length]).toEqual(shape);
      expect(worstError(got, values)).toBeLessThan(1e-6);
      expect(resample(scalar, x, options)).toEqual(got);
    });
  }

  it("keeps a tone that both rates hold, and drops one that the new rate does not", () => {
    const tone = (hertz: number, rate: number, length: number) =>
      Float32Array.from({ length }, (_, t) => Math.sin((2 * Math.PI * hertz * t) / rate));
    const middle = (x: Float32Array) => x.subarray(100, -100);
    const kept = resample(simd, tone(500, 16000, 4000), { from: 16000, to: 11025 });
    // The filter's ripple at its default width.
    expect(worstError(middle(kept), middle(tone(500, 11025, kept.length)))).toBeLessThan(2e-3);
    const dropped = resample(simd, tone(7000, 16000, 4000), { from: 16000, to: 8000 });
    expect(worstError(middle(dropped), new Float32Array(1800))).toBeLessThan(2e-3);
  });

  it("leaves no seam between blocks", () => {
    const x = noise(600_000, 1);
    const whole = resample(simd, x, { from: 16000, to: 12000 });
    expect(whole.length).toBe(450_000);
    // The first block ends after 2^18 / 4 periods of 4 samples: the later part alone gives the same numbers.
    const start = 2 ** 18 - 400;
    const part = resample(simd, x.subarray(start, start + 800), { from: 16000, to: 12000 });
    const at = (start / 4) * 3;
    expect(part.slice(50, 550)).toEqual(whole.slice(at + 50, at + 550));
  });

  it("gives a copy at the same rate", () => {
    const x = noise(5, 2);
    const out = resample(simd, x, { from: 7, to: 7 });
    expect(out).toEqual(x);
    expect(out).not.toBe(x);
  });

  it("refuses rates that are none, and more weights than memory should hold", () => {
    const x = noise(5, 2);
    expect(() => resample(simd, x, { from: 0, to: 8000 })).toThrow(OptionError);
    expect(() => resample(simd, x, { from: 16000, to: -1 })).toThrow("resample: Cannot use to");
    expect(() => resample(simd, x, { from: 9_999_991, to: 9_999_973 })).toThrow("common divisor");
    expect(() => resample(simd, new Float32Array(0), { from: 2, to: 3 })).toThrow(DataError);
  });
});

describe("toMono, normaliseWaveform, clipWaveform, tileWaveform", () => {
  it("average interleaved channels", () => {
    expect([...toMono(Float32Array.of(1, 3, -2, 0), 2)]).toEqual([2, -1]);
    expect(() => toMono(new Float32Array(5), 2)).toThrow(ShapeError);
    expect(() => toMono(new Float32Array(5), 0)).toThrow("mono: Cannot use channels");
  });

  it("bring a waveform to mean 0 and amplitude or deviation 1", () => {
    const x = Float32Array.of(1, 2, 6);
    expect([...normaliseWaveform(x)]).toEqual([-2, -1, 3]);
    expect([...normaliseWaveform(x, { removeMean: false, scale: "peak" })]).toEqual(
      [1 / 6, 2 / 6, 1].map(Math.fround),
    );
    const unit = normaliseWaveform(x, { scale: "deviation" });
    expect(unit.reduce((sum, v) => sum + v * v, 0) / 3).toBeCloseTo(1, 6);
    expect([...normaliseWaveform(new Float32Array(3).fill(5), { scale: "deviation" })]).toEqual([
      0, 0, 0,
    ]);
    expect(() => normaliseWaveform(x, { scale: "rms" as "peak" })).toThrow('"peak", "deviation"');
    expect(() => normaliseWaveform(Float32Array.of(1, Number.NaN))).toThrow(DataError);
  });

  it("cut amplitudes off, and repeat a waveform", () => {
    expect([...clipWaveform(Float32Array.of(-3, 0.5, 2))]).toEqual([-1, 0.5, 1]);
    expect([...tileWaveform(Float32Array.of(1, 2, 3), 7, 4)]).toEqual([2, 3, 1, 2, 3, 1, 2]);
    expect(() => tileWaveform(new Float32Array(0), 7)).toThrow(DataError);
    expect(() => tileWaveform(new Float32Array(1), 0)).toThrow(OptionError);
  });
});

describe("sines without the host's", () => {
  it("are within 1e-15, and exact at quarter turns", () => {
    for (const n of [1, 2, 3, 7, 8, 512, 1001]) {
      const roots = rootsOfUnity(n);
      for (let k = 0; k < n; k++) {
        const angle = (2 * Math.PI * k) / n;
        // The angle itself is rounded, by up to 4e-16 at a whole turn.
        expect(Math.abs((roots[2 * k] as number) - Math.cos(angle))).toBeLessThan(2e-15);
        expect(Math.abs((roots[2 * k + 1] as number) + Math.sin(angle))).toBeLessThan(2e-15);
      }
    }
    expect([...rootsOfUnity(4)].map((x) => x + 0)).toEqual([1, 0, 0, -1, -1, 0, 0, 1]);
    for (const x of [-7.3, -2, -0.5, 0, 0.25, 1, 1.75, 40.1]) {
      expect(Math.abs(sinHalfTurns(x) - Math.sin(Math.PI * x))).toBeLessThan(3e-14);
    }
  });
});

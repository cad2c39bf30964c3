import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import type { Spectra } from "../../src/features/frames.ts";
import {
  addSpectraNoise,
  fitFrames,
  maskSpectra,
  PAPER_MASKS,
  PAPER_SPECTRA_SCALE,
  rollSpectra,
  standardise,
} from "../../src/features/spec-augment.ts";
import { Random } from "../../src/random.ts";

/** Values 1, 2, 3, ..: none is 0. */
function counting(frames: number, bands: number): Spectra {
  const values = Float32Array.from({ length: frames * bands }, (_, i) => i + 1);
  return { values, shape: [frames, bands] };
}

/** Positions along an axis where everything is 0. */
function masked({ values, shape: [frames, bands] }: Spectra, axis: "frames" | "bands"): number[] {
  const isZero = (i: number, j: number) =>
    values[axis === "frames" ? i * bands + j : j * bands + i] === 0;
  const [size, other] = axis === "frames" ? [frames, bands] : [bands, frames];
  return Array.from({ length: size }, (_, i) => i).filter((i) =>
    Array.from({ length: other }, (_, j) => j).every((j) => isZero(i, j)),
  );
}

describe("maskSpectra", () => {
  it("masks one run of neighbours per axis, no wider than asked, and changes nothing else", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const spectra = counting(12, 9);
        const out = maskSpectra(spectra, new Random(seed), { bands: 4, frames: 6 });
        const [frames, bands] = [masked(out, "frames"), masked(out, "bands")];
        expect(frames.length).toBeLessThanOrEqual(6);
        expect(bands.length).toBeLessThanOrEqual(4);
        for (const run of [frames, bands]) {
          expect(run.length === 0 || run.length === Math.max(...run) - Math.min(...run) + 1).toBe(
            true,
          );
        }
        out.values.forEach((x, i) => {
          const inMask = frames.includes(Math.floor(i / 9)) || bands.includes(i % 9);
          expect(x).toBe(inMask ? 0 : i + 1);
        });
        expect(spectra).toEqual(counting(12, 9));
      }),
      { numRuns: 50 },
    );
  });

  it("draws every width and every place", () => {
    const random = new Random(3);
    const runs = Array.from({ length: 400 }, () =>
      masked(maskSpectra(counting(2, 5), random, { bands: 3 }), "bands").join(),
    );
    const wanted = [
      "",
      "0",
      "1",
      "2",
      "3",
      "4",
      "0,1",
      "1,2",
      "2,3",
      "3,4",
      "0,1,2",
      "1,2,3",
      "2,3,4",
    ];
    expect([...new Set(runs)].sort()).toEqual(wanted.sort());
    expect(runs.filter((run) => run === "").length).toBeGreaterThan(60);
  });

  it("is the same for the same stream, and takes a count and a filling", () => {
    const options = { ...PAPER_MASKS, count: 2, fill: -1 };
    const draw = (stream: string) =>
      maskSpectra(counting(1024, 128), new Random(1, stream), options);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
    expect(draw("a").values).toContain(-1);
    expect(maskSpectra(counting(4, 4), new Random(1), {})).toEqual(counting(4, 4));
  });

  it("refuses masks wider than the spectra", () => {
    expect(() => maskSpectra(counting(4, 4), new Random(1), { frames: 5 })).toThrow(DataError);
    expect(() => maskSpectra(counting(4, 4), new Random(1), { bands: -1 })).toThrow(OptionError);
  });
});

describe("noise, roll, fit and scale", () => {
  it("adds noise between 0 and the factor", () => {
    const spectra = counting(20, 10);
    const out = addSpectraNoise(spectra, new Random(5), 0.1);
    const added = out.values.map((x, i) => x - (i + 1));
    expect(Math.min(...added)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...added)).toBeLessThan(0.1001);
    expect(new Set(added).size).toBeGreaterThan(50);
    expect(addSpectraNoise(spectra, new Random(5), 0)).toEqual(spectra);
  });

  it("rolls frames round, forth and back", () => {
    expect([...rollSpectra(counting(3, 2), 1).values]).toEqual([5, 6, 1, 2, 3, 4]);
    expect([...rollSpectra(counting(3, 2), -4).values]).toEqual([3, 4, 5, 6, 1, 2]);
    expect(rollSpectra(rollSpectra(counting(7, 3), 5), -5)).toEqual(counting(7, 3));
  });

  it("cuts frames off, or adds frames of zeros", () => {
    expect(fitFrames(counting(3, 2), 2)).toEqual(counting(2, 2));
    expect([...fitFrames(counting(1, 2), 2).values]).toEqual([1, 2, 0, 0]);
    expect(() => fitFrames(counting(1, 2), 0)).toThrow(OptionError);
  });

  it("takes the paper's scale", () => {
    const { values } = standardise(
      { values: Float32Array.of(-5.081, -5.081 + 4.4849), shape: [1, 2] },
      PAPER_SPECTRA_SCALE,
    );
    expect(values[0]).toBeCloseTo(0, 6);
    expect(values[1]).toBeCloseTo(1, 6);
    expect(() => standardise(counting(1, 1), { mean: 0, deviation: 0 })).toThrow(OptionError);
  });
});

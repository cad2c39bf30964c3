import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochOrder } from "../../src/data/batches.ts";
import { resolveSampling, sampleOrder } from "../../src/data/sampling.ts";

/** Samples of classes "a", "b", ... in the given numbers. */
function createLabels(counts: readonly number[]) {
  const labels = Int32Array.from(counts.flatMap((n, c) => Array.from({ length: n }, () => c)));
  return { size: labels.length, classes: [..."abcdef"].slice(0, counts.length), labels };
}

const DATA = createLabels([80, 15, 5]);
const BALANCED = { sampling: "balanced", samplingWeights: {} } as const;

const countsOf = (order: Int32Array, data = DATA) =>
  data.classes.map((_, c) => order.filter((row) => data.labels[row] === c).length);

describe("sampleOrder()", () => {
  it("shuffled: the order that batches() goes through", () => {
    const shuffled = resolveSampling({}, DATA);
    expect(sampleOrder(DATA, shuffled, 3, 2)).toEqual(epochOrder(100, 3, 2));
  });

  it("balanced: the same share of every class, whole numbers whose mean is exact", () => {
    const all = Array.from({ length: 30 }, (_, epoch) =>
      countsOf(sampleOrder(DATA, BALANCED, 1, epoch)),
    );
    for (const counts of all) {
      for (const count of counts) expect([33, 34]).toContain(count);
      expect(counts.reduce((a, b) => a + b)).toBe(100);
    }
    // Not the same class every time is the one with 34.
    for (const c of [0, 1, 2]) expect(all.some((counts) => counts[c] === 34)).toBe(true);
  });

  it("weighted: in proportion to weight times samples, classes left out at 1", () => {
    const weighted = { sampling: "weighted", samplingWeights: { a: 0, b: 3 } } as const;
    expect(countsOf(sampleOrder(DATA, weighted, 1, 0))).toEqual([0, 90, 10]);
  });

  it("goes round all samples of a class before one comes again", () => {
    const order = sampleOrder(DATA, BALANCED, 7, 0);
    const times = DATA.labels.map((_, row) => order.filter((drawn) => drawn === row).length);
    expect(new Set(times.subarray(0, 80))).toEqual(new Set([0, 1]));
    expect(new Set(times.subarray(80, 95))).toEqual(new Set([2, 3]));
    for (const count of times.subarray(95)) expect([6, 7]).toContain(count);
  });

  it("is a function of (seed, epoch) alone", () => {
    const order = sampleOrder(DATA, BALANCED, 1, 4);
    expect(sampleOrder(DATA, BALANCED, 1, 4)).toEqual(order);
    expect(sampleOrder(DATA, BALANCED, 1, 5)).not.toEqual(order);
    expect(sampleOrder(DATA, BALANCED, 2, 4)).not.toEqual(order);
  });

  it("always has as many samples as the dataset, whatever the classes and weights", () => {
    const counts = fc.array(fc.nat(30), { minLength: 1, maxLength: 6 });
    const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 6 });
    fc.assert(
      fc.property(counts, weights, fc.nat(9), (sizes, drawn, seed) => {
        const data = createLabels(sizes);
        const named = Object.fromEntries(data.classes.map((name, c) => [name, drawn[c] ?? 1]));
        const order = sampleOrder(
          data,
          { sampling: "weighted", samplingWeights: named },
          seed,
          seed,
        );
        const possible = data.labels.some((label) => (drawn[label] ?? 1) > 0);
        expect(order.length).toBe(possible ? data.size : 0);
        for (const row of order) expect(drawn[data.labels[row] as number] ?? 1).toBeGreaterThan(0);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("resolveSampling()", () => {
  it("refuses what it cannot draw by", () => {
    const resolve = (given: Parameters<typeof resolveSampling>[0]) => () =>
      resolveSampling(given, DATA);
    expect(resolve({ sampling: "sorted" as never })).toThrow(
      'train: Cannot set option "sampling": expected one of "shuffled", "balanced", "weighted", got "sorted"',
    );
    expect(resolve({ sampling: "weighted", samplingWeights: { z: 1 } })).toThrow(
      'train: Cannot weigh class "z": expected one of "a", "b", "c"',
    );
    expect(resolve({ samplingWeights: { a: 2 } })).toThrow(
      'train: Cannot use "samplingWeights": expected "sampling" to be "weighted", got "shuffled"',
    );
    expect(resolve({ sampling: "weighted", samplingWeights: { a: 0, b: 0, c: 0 } })).toThrow(
      "expected a weight above 0 for a class that has samples, got none",
    );
  });
});

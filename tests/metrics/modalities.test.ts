import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  modalityGap,
  patternScores,
  principalPlane,
  rankCorrelation,
  shapleyValues,
  unitRows,
} from "../../src/metrics/index.ts";

describe("modalityGap()", () => {
  it("is the distance of the mean directions, whatever the lengths", () => {
    const a = [3, 0, 0, 5];
    const b = [-2, 0];
    // Mean direction of a: (1/2, 1/2); of b: (-1, 0).
    expect(modalityGap(a, b, 2)).toBeCloseTo(Math.sqrt(1.5 ** 2 + 0.5 ** 2), 12);
    expect(modalityGap(a, a, 2)).toBe(0);
  });

  it("leaves rows out that are missing or have no direction", () => {
    const gaps = [Number.NaN, Number.NaN, 0, 0, 1, 0];
    expect(modalityGap(gaps, [0, 4], 2)).toBeCloseTo(Math.SQRT2, 12);
    expect(modalityGap([0, 0], [0, 4], 2)).toBeNull();
    expect(() => modalityGap([1, 2, 3], [0, 4], 2)).toThrow(
      "expected a multiple of 2 values, got 3",
    );
  });
});

describe("rankCorrelation()", () => {
  it("sees order alone, and shares the ranks of equal values", () => {
    expect(rankCorrelation([1, 2, 3, 4], [10, 20, 21, 1000])).toBe(1);
    expect(rankCorrelation([1, 2, 3], [9, 4, -1])).toBe(-1);
    // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });

  it("says nothing of constants, and refuses what it cannot rank", () => {
    expect(rankCorrelation([1, 1], [1, 2])).toBeNull();
    expect(rankCorrelation([1], [1])).toBeNull();
    expect(() => rankCorrelation([1], [1, 2])).toThrow("got 1 and 2");
    expect(() => rankCorrelation([Number.NaN], [1])).toThrow("expected finite values, got NaN");
  });
});

describe("shapleyValues()", () => {
  it("gives each modality the mean of what it adds over all orders", () => {
    const score: Record<string, number> = { "": 0.1, a: 0.5, b: 0.3, "a+b": 0.8 };
    const values = shapleyValues(["a", "b"], (subset) => score[subset.join("+")] as number);
    expect(values.a).toBeCloseTo((0.4 + 0.5) / 2, 12);
    expect(values.b).toBeCloseTo((0.2 + 0.3) / 2, 12);
  });

  it("adds up to the whole, and gives nothing to who adds nothing", () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(scores, (table) => {
        const names = ["a", "b", "c"];
        const at = (subset: readonly string[]) =>
          subset.reduce((bits, m) => bits + 2 ** names.indexOf(m), 0);
        const values = shapleyValues(
          [...names, "idle"],
          (subset) => table[at(subset.filter((m) => m !== "idle"))] as number,
        );
        const sum = Object.values(values).reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo((table[7] as number) - (table[0] as number), 10);
        expect(values.idle).toBeCloseTo(0, 10);
      }),
      { seed: 11, numRuns: 50 },
    );
  });
});

describe("patternScores()", () => {
  it("judges the samples with the same modalities together", () => {
    const present = { a: [1, 1, 0, 1, 0], b: [1, 0, 1, 1, 1] };
    // Each row says class 0, surely; so the likelihood of a wrong one is low.
    const logits = Array.from({ length: 5 }, () => [4, 0]).flat();
    const found = patternScores(present, { logits, labels: [0, 0, 1, 1, 0], classes: 2 });
    expect(
      found.map(({ present: own, samples, accuracy }) => ({ own, samples, accuracy })),
    ).toEqual([
      { own: ["a", "b"], samples: 2, accuracy: 0.5 },
      { own: ["a"], samples: 1, accuracy: 1 },
      { own: ["b"], samples: 2, accuracy: 0.5 },
    ]);
    expect(found[1]?.nll).toBeCloseTo(Math.log(1 + Math.exp(-4)), 12);
    expect(found[2]?.nll).toBeCloseTo(2 + Math.log(1 + Math.exp(-4)), 12);
  });
});

describe("principalPlane()", () => {
  it("finds the two directions of largest spread", () => {
    // In 3 dimensions: most along (1, 1, 0), then along z, nothing along (1, -1, 0).
    const rows = [-3, -1, 0, 1, 3].flatMap((t, i) => [5 + t, 2 + t, i % 2 === 0 ? 0.5 : -0.5]);
    const plane = principalPlane(Float64Array.from(rows), 3);
    const first = [...plane].filter((_, i) => i % 2 === 0);
    const along = [-3, -1, 0, 1, 3].map((t) => t * Math.SQRT2);
    const sign = Math.sign(first[4] as number);
    first.forEach((x, i) => {
      expect(sign * x).toBeCloseTo(along[i] as number, 6);
    });
    const second = [...plane].filter((_, i) => i % 2 === 1).map(Math.abs);
    [0.4, 0.6, 0.4, 0.6, 0.4].forEach((z, i) => {
      expect(second[i]).toBeCloseTo(z, 6);
    });
  });

  it("puts equal rows on one point", () => {
    const rows = unitRows([2, 0, 1, 0], 2);
    expect([...principalPlane(rows, 2)]).toEqual([0, 0, 0, 0]);
  });
});

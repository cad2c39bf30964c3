import { describe, expect, it } from "vitest";
import { lfm } from "../../src/methods/index.ts";
import { fittedWeight } from "../../src/methods/lfm.ts";
import {
  addRows,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Mean Jensen-Shannon divergence over the samples that have both. */
function divergence(first: Rows, second: Rows): number {
  const kl = (p: number[], q: number[]) =>
    p.reduce((sum, v, c) => sum + v * Math.log(v / (q[c] as number)), 0);
  return meanOf(
    first.flatMap((a, i) => {
      const b = second[i] ?? null;
      if (a === null || b === null) return [];
      const [p, q] = [softmaxOf(a), softmaxOf(b)];
      const middle = p.map((v, c) => (v + (q[c] as number)) / 2);
      return [(kl(p, middle) + kl(q, middle)) / 2];
    }),
  );
}

describe("lfm", () => {
  it.each([
    ["constant", 0.3],
    ["fitted", 0.204623704],
  ] as const)("weighs classification and alignment, the curve %s", (curve, a) => {
    const tiny = new Tiny(lfm({ curve, weight: 0.3 }), { modalities: ["a", "b", "c"] });
    expectStepOf(tiny, (values: Values) => {
      const parts = tiny.modalities.map((m) =>
        tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)),
      );
      const joint = LABELS.map((_, i) => {
        const there = parts.map((rows) => rows[i] ?? null).filter((row) => row !== null);
        return addRows(...there).map((z) => z / there.length);
      });
      const alignment = meanOf(
        PAIRS.map(([j, k]) => divergence(parts[j] as Rows, parts[k] as Rows)),
      );
      return 2 * (a * meanCrossEntropy(joint) + (1 - a) * alignment);
    });
  });

  it("has nothing to align with one modality", () => {
    const tiny = new Tiny(lfm({ curve: "constant" }), { modalities: ["a"] });
    expectStepOf(
      tiny,
      (values) =>
        2 *
        meanCrossEntropy(tiny.features(values, "a").map((h) => h && linear(values, "method.a", h))),
    );
  });

  it("turns to the task over the run", () => {
    expect(fittedWeight(0)).toBeCloseTo(0.2046, 4);
    expect(fittedWeight(0.5)).toBeCloseTo(0.436, 2);
    expect(fittedWeight(1)).toBeCloseTo(0.54, 2);
  });
});

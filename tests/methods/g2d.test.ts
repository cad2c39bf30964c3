import { describe, expect, it } from "vitest";
import { g2d } from "../../src/methods/index.ts";
import {
  addRows,
  crossEntropyOf,
  expectClose,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  referenceGradients,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const OPTIONS = { features: 0.7, logits: 1.3, temperature: 2, prioritise: 0.5 };

const ownLogits = (tiny: Tiny, values: Values): Rows[] =>
  MODALITIES.map((m) => tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)));

function lossOf(tiny: Tiny, values: Values): number {
  const teacher = tiny.teacher as Values;
  const parts = ownLogits(tiny, values);
  const joint = LABELS.map((_, i) => addRows(...parts.map((rows) => rows[i] ?? null)));
  const soften = (z: readonly number[]) => softmaxOf(z.map((v) => v / OPTIONS.temperature));
  const imitation = MODALITIES.map((m) => {
    const h = tiny.features(values, m);
    const t = tiny.features(teacher, m);
    const distances = h.flatMap((row, i) =>
      (row ?? []).map((x, k) => (x - (t[i]?.[k] as number)) ** 2),
    );
    const divergences = t.flatMap((row, i) => {
      if (row === null) return [];
      const p = soften(linear(teacher, `method.${m}`, row));
      const q = soften(joint[i] as number[]);
      return [p.reduce((sum, v, c) => sum + v * Math.log(v / (q[c] as number)), 0)];
    });
    return (
      OPTIONS.features * meanOf(distances) +
      OPTIONS.logits * OPTIONS.temperature ** 2 * meanOf(divergences)
    );
  });
  return meanCrossEntropy(joint) + imitation.reduce((a, b) => a + b, 0);
}

/** The modality whose teacher is surest of the true classes. */
function leaderOf(tiny: Tiny): string {
  const teacher = tiny.teacher as Values;
  const scores = ownLogits(tiny, teacher).map((rows) =>
    meanOf(rows.flatMap((z, i) => (z ? [Math.exp(-crossEntropyOf(z, LABELS[i] as number))] : []))),
  );
  return MODALITIES[scores.indexOf(Math.max(...scores))] as string;
}

describe("g2d", () => {
  it.each([4, 5])(
    "follows the teachers; in epoch %i of 10 the leader's encoder waits or not",
    (epoch) => {
      const tiny = new Tiny(g2d(OPTIONS), { modalities: MODALITIES });
      const before = tiny.values();
      const { losses, gradients } = tiny.step({ epoch, epochs: 10 });
      const waiting = epoch < 5 ? `encoders.${leaderOf(tiny)}.` : "nobody";
      expect(losses.total).toBeCloseTo(lossOf(tiny, before), 4);
      for (const [name, gradient] of referenceGradients(before, (values) => lossOf(tiny, values))) {
        const want = name.startsWith(waiting) ? gradient.map(() => 0) : gradient;
        expectClose(gradients.get(name) as Float64Array, want, name);
      }
    },
  );

  it("compares imputed features with what the teacher makes of a blank input", () => {
    const tiny = new Tiny(g2d({ ...OPTIONS, imputation: "inputs" }), { modalities: ["a", "b"] });
    expect(Number.isFinite(tiny.step().losses.total)).toBe(true);
  });
});

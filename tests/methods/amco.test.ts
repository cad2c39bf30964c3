import { describe, expect, it } from "vitest";
import { maskedFeatures } from "../../src/methods/amco.ts";
import { amco } from "../../src/methods/index.ts";
import {
  addRows,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];

/** Each modality's logits; those of `masked` from features of 0. */
function parts(tiny: Tiny, values: Values, masked: readonly string[] = []): Rows[] {
  return MODALITIES.map((m) =>
    tiny
      .features(values, m)
      .map((h) => h && linear(values, `method.${m}`, masked.includes(m) ? h.map(() => 0) : h)),
  );
}

function lossOf(tiny: Tiny, values: Values, masked: readonly string[] = []): number {
  const z = parts(tiny, values, masked);
  const joint = LABELS.map((_, i) =>
    linear(values, "method.all.mix", addRows(...z.map((rows) => rows[i] ?? null))),
  );
  return meanCrossEntropy(joint) + z.reduce((sum, rows) => sum + meanCrossEntropy(rows), 0);
}

/** Mean share of each modality in the softmax over all logits of a sample. */
function sharesOf(z: Rows[]): number[] {
  const sums = z.map((rows) =>
    rows.map((row) => (row ?? []).reduce((total, value) => total + Math.exp(value), 0)),
  );
  return sums.map((own) =>
    meanOf(
      own.flatMap((value, i) =>
        value === 0 ? [] : [value / sums.reduce((total, other) => total + (other[i] as number), 0)],
      ),
    ),
  );
}

describe("amco", () => {
  it("minimises the joint and the own losses while nothing is masked", () => {
    const tiny = new Tiny(amco(), { modalities: MODALITIES });
    expectStepOf(tiny, (values) => lossOf(tiny, values));
  });

  it("masks, in the next batch, the modalities whose share was above the threshold", () => {
    const tiny = new Tiny(amco({ threshold: 0.33, growth: 1, reach: 0.5 }), {
      modalities: MODALITIES,
    });
    const flagged = MODALITIES.filter(
      (_, k) => (sharesOf(parts(tiny, tiny.values()))[k] as number) > 0.33,
    );
    expect(flagged.length).toBeGreaterThan(0);
    expect(flagged.length).toBeLessThan(3);
    tiny.step({ epoch: 1, batch: 0, learningRate: 0.1 });
    const moved = tiny.values();
    const { losses } = tiny.step({ epoch: 1, batch: 1, learningRate: 0 });
    expect(losses.total).toBeCloseTo(lossOf(tiny, moved, flagged), 4);
    expect(losses.total).not.toBeCloseTo(lossOf(tiny, moved), 3);
    const next = tiny.step({ epoch: 2, batch: 0, learningRate: 0 });
    expect(next.losses.total).toBeCloseTo(lossOf(tiny, moved), 4);
  });

  it("masks more from batch to batch and from epoch to epoch", () => {
    const options = { growth: 0.1, reach: 0.3 };
    expect(maskedFeatures(options, 0, 100, 64)).toBe(0);
    expect(maskedFeatures(options, 1, 1, 64)).toBe(32);
    expect(maskedFeatures(options, 1, 2, 64)).toBe(55);
    expect(maskedFeatures(options, 3, 5, 64)).toBe(64);
  });
});

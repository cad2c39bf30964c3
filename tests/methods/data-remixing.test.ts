import { describe, expect, it } from "vitest";
import { dataRemixing } from "../../src/methods/index.ts";
import {
  DIM,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const OPTIONS = { warmup: 2, before: 0.4, after: 1.7 };

/** KL(p || uniform) of a modality's own prediction on sample i; infinite where it is missing. */
function certainty(tiny: Tiny, m: string, i: number): number {
  const h = tiny.features(tiny.values(), m)[i] ?? null;
  if (h === null) return Number.POSITIVE_INFINITY;
  const p = softmaxOf(linear(tiny.values(), `method.own.${m}`, h));
  return p.reduce((sum, v) => sum + v * Math.log(v * p.length), 0);
}

describe("data-remixing", () => {
  it.each([
    [1, OPTIONS.before],
    [2, OPTIONS.after],
  ])("in epoch %i weighs the own losses by %d", (epoch, weight) => {
    const tiny = new Tiny(dataRemixing(OPTIONS), { modalities: MODALITIES, clock: { epoch } });
    expectStepOf(tiny, (values: Values) => {
      const h = MODALITIES.map((m) => tiny.features(values, m));
      const zero = new Array<number>(DIM).fill(0);
      const joint = LABELS.map((_, i) =>
        linear(
          values,
          "method.head",
          h.flatMap((rows) => [...(rows[i] ?? zero)]),
        ),
      );
      const own = MODALITIES.map((m, k) =>
        meanCrossEntropy((h[k] ?? []).map((row) => row && linear(values, `method.own.${m}`, row))),
      );
      return meanCrossEntropy(joint) + weight * own.reduce((a, b) => a + b, 0);
    });
  });

  it("then keeps of each sample the modality that is least sure, in batches of one modality", async () => {
    const tiny = new Tiny(dataRemixing(OPTIONS), { modalities: MODALITIES });
    await tiny.startEpoch({ epoch: 1 });
    expect(tiny.plan).toBeUndefined();
    await tiny.startEpoch({ epoch: 2 });
    const { data, batches = [] } = tiny.plan as NonNullable<typeof tiny.plan>;
    const kept = LABELS.map((_, i) =>
      MODALITIES.filter((m) => data.modalities[m]?.present?.[i] === 1),
    );
    const want = LABELS.map((_, i) => {
      const all = MODALITIES.map((m) => certainty(tiny, m, i));
      return [MODALITIES[all.indexOf(Math.min(...all))]];
    });
    expect(kept).toEqual(want);
    expect(new Set(kept.flat()).size).toBeGreaterThan(1);
    for (const batch of batches) {
      expect(new Set([...batch].flatMap((i) => kept[i] ?? [])).size).toBe(1);
    }
    const seen = batches.flatMap((batch) => [...batch]).sort();
    expect(seen).toEqual([...LABELS.keys()]);
  });
});

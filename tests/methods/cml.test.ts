import { describe, expect, it } from "vitest";
import { cml } from "../../src/methods/index.ts";
import { Random } from "../../src/random.ts";
import {
  addRows,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const WEIGHT = 5;

function lossOf(tiny: Tiny, values: Values, order: readonly string[], weight: number) {
  const own = new Map(
    order.map((m) => [
      m,
      tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)),
    ]),
  );
  const zero = [0, 0, 0];
  const nested = order.map((_, removed) =>
    LABELS.map((_, i) =>
      addRows(zero, ...order.slice(removed).map((m) => own.get(m)?.[i] ?? null)),
    ),
  );
  const surest = (z: readonly number[]) => Math.max(...softmaxOf(z));
  const excess = nested
    .slice(1)
    .map((smaller, k) =>
      meanOf(smaller.map((z, i) => Math.max(0, surest(z) - surest(nested[k]?.[i] ?? [])))),
    );
  const calibration = excess.reduce((a, b) => a + b, 0);
  return { total: meanOf(nested.map(meanCrossEntropy)) + weight * calibration, calibration };
}

describe("cml", () => {
  it.each([[["a"]], [["a", "b"]], [["a", "b", "c"]]])(
    "minimises the losses of nested subsets of %j",
    (modalities) => {
      const tiny = new Tiny(cml({ weight: WEIGHT }), { modalities });
      const drawn = new Random(1, "cml/0/0").shuffle(Int32Array.from(modalities.keys()));
      const order = [...drawn].map((k) => modalities[k] as string);
      if (order.length > 1) {
        expect(lossOf(tiny, tiny.values(), order, WEIGHT).calibration).toBeGreaterThan(0);
      }
      expectStepOf(tiny, (values) => lossOf(tiny, values, order, WEIGHT).total);
    },
  );

  it("removes in an order that changes from batch to batch", () => {
    const total = (batch: number) => new Tiny(cml()).step({ batch }).losses.total;
    expect(new Set(Array.from({ length: 8 }, (_, batch) => total(batch))).size).toBe(2);
  });
});

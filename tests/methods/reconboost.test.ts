import { describe, expect, it } from "vitest";
import { reconboost } from "../../src/methods/index.ts";
import {
  addRows,
  expectClose,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type ReferenceLoss,
  type Rows,
  referenceGradients,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const OPTIONS = { label: 4, known: 1.5, agreement: 0.6, width: 5 };
const RATE = 0.7;
const start = (name: string, values: Float32Array) => {
  if (name === "method.rate") values.fill(RATE);
};

function logits(tiny: Tiny, values: Values, m: string): Rows {
  return tiny.features(values, m).map((h) => {
    const hidden = h && linear(values, "method.hidden", h).map((x) => Math.max(0, x));
    return hidden && linear(values, "method.head", hidden);
  });
}

function joint(tiny: Tiny, values: Values, names: readonly string[]): number[][] {
  const parts = names.map((m) => logits(tiny, values, m));
  const rate = values.get("method.rate")?.[0] as number;
  return LABELS.map((_, i) =>
    addRows([0, 0, 0], ...parts.map((rows) => rows[i] ?? null)).map((z) => rate * z),
  );
}

/** What modality m minimises: the others from the parameters as they were. */
function boosting(tiny: Tiny, m: string, agreement: number): ReferenceLoss {
  const others = MODALITIES.filter((other) => other !== m);
  return (now, frozen) => {
    const known = joint(tiny, frozen, others);
    const own = logits(tiny, now, m);
    const boost = own.flatMap((z, i) => {
      if (z === null) return [];
      const y = LABELS[i] as number;
      const q = softmaxOf(known[i] as number[])[y] as number;
      return [
        ((OPTIONS.known * q - OPTIONS.label) * Math.log(softmaxOf(z)[y] as number)) / z.length,
      ];
    });
    const gaps = others.map((other) =>
      meanOf(
        logits(tiny, frozen, other).flatMap((z, i) => {
          const mine = own[i] ?? null;
          if (z === null || mine === null) return [];
          const [p, q] = [softmaxOf(mine), softmaxOf(z)];
          return p.map((x, c) => (x - (q[c] as number)) ** 2);
        }),
      ),
    );
    return meanOf(boost) + agreement * meanOf(gaps);
  };
}

describe("reconboost", () => {
  it.each([
    [0, "a", 0],
    [2, "b", OPTIONS.agreement],
    [4, "c", OPTIONS.agreement],
    [6, "a", OPTIONS.agreement],
  ])("in epoch %i lets %s alone learn what the others miss", (epoch, m, agreement) => {
    const tiny = new Tiny(reconboost(OPTIONS), { modalities: MODALITIES, start, clock: { epoch } });
    expectStepOf(tiny, boosting(tiny, m, agreement));
  });

  it("fits all together in the epochs between, the rate too", () => {
    const tiny = new Tiny(reconboost(OPTIONS), { modalities: MODALITIES, start });
    const before = tiny.values();
    const loss = (values: Values) => meanCrossEntropy(joint(tiny, values, MODALITIES));
    const { losses, gradients } = tiny.step({ epoch: 1 });
    expect(losses.total).toBeCloseTo(loss(before), 4);
    for (const [name, want] of referenceGradients(before, loss)) {
      expectClose(gradients.get(name) as Float64Array, want, name);
    }
    expect(gradients.get("method.rate")?.[0]).not.toBe(0);
  });
});

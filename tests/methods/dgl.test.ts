import { describe, it } from "vitest";
import { dgl } from "../../src/methods/index.ts";
import {
  addRows,
  expectStepOf,
  linear,
  meanCrossEntropy,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];

describe("dgl", () => {
  it("teaches encoders by the own losses and heads by the joint loss, as the formula says", () => {
    const alpha = 2.5;
    const tiny = new Tiny(dgl({ alpha }), { modalities: MODALITIES });
    const logits = (encoders: Values, heads: Values) =>
      MODALITIES.map((m) =>
        tiny.features(encoders, m).map((h) => h && linear(heads, `method.${m}`, h)),
      );
    expectStepOf(tiny, (now, frozen) => {
      const own = logits(now, frozen).reduce((sum, rows) => sum + meanCrossEntropy(rows), 0);
      const parts = logits(frozen, now);
      const joint = [...tiny.dataset.labels].map((_, i) =>
        addRows(...parts.map((rows) => rows[i] ?? null)),
      );
      return alpha * own + meanCrossEntropy(joint);
    });
  });
});

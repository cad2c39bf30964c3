import { describe, expect, it } from "vitest";
import { mla, mlaJoint } from "../../src/methods/index.ts";
import {
  expectClose,
  LABELS,
  linear,
  meanCrossEntropy,
  referenceGradients,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const PAIRS = [
  ["a", "b"],
  ["a", "c"],
  ["b", "c"],
] as const;
const WIDTH = 3;

/** The expert's logits from its formula; encoders from `encoders`, its own parameters from `now`. */
function expertLogits(tiny: Tiny, encoders: Values, now: Values): number[][] {
  const h = Object.fromEntries(MODALITIES.map((m) => [m, tiny.features(encoders, m)]));
  return LABELS.map((_, i) => {
    const feature = (m: string) => [...(h[m]?.[i] ?? [0, 0])];
    const mix = (m: string) => {
      const weight = now.get(`method.joint expert.mix ${m}`) as Float64Array;
      const x = feature(m);
      return Array.from({ length: WIDTH }, (_, o) =>
        Math.tanh(x.reduce((sum, v, k) => sum + v * (weight[o * x.length + k] as number), 0)),
      );
    };
    const products = PAIRS.flatMap(([a, b]) => {
      const v = mix(b);
      return mix(a).map((x, k) => x * (v[k] as number));
    });
    return linear(now, "method.joint expert.head", [...MODALITIES.flatMap(feature), ...products]);
  });
}

describe("mla-joint", () => {
  it("takes MLA's steps and then the expert's own, which moves no encoder", () => {
    const plain = new Tiny(mla(), { modalities: MODALITIES });
    const tiny = new Tiny(mlaJoint({ width: WIDTH, dropout: 0 }), { modalities: MODALITIES });
    const alternated = plain.step();
    const before = tiny.values();
    const { losses, gradients } = tiny.step();
    for (const [name, moved] of alternated.gradients) expect(gradients.get(name)).toEqual(moved);
    const moved = tiny.values();
    const loss = (now: Values) => meanCrossEntropy(expertLogits(tiny, moved, now));
    expect(losses.total).toBeCloseTo(alternated.losses.total + loss(before), 4);
    expect(losses.modalities).toEqual(alternated.losses.modalities);
    const own = [...referenceGradients(before, loss)].filter(([name]) => name.includes("expert"));
    expect(own).toHaveLength(5);
    for (const [name, want] of own) expectClose(gradients.get(name) as Float64Array, want, name);
  });

  it("adds the expert's voice to the modalities', zeros where one is missing", () => {
    const tiny = new Tiny(mlaJoint({ width: WIDTH }), { modalities: MODALITIES });
    tiny.withBatch(({ inputs, size }) => {
      const features = MODALITIES.map((m) => {
        const part = inputs[m] as NonNullable<(typeof inputs)[string]>;
        const values = tiny.network.encoders[m]?.forward(part.input, tiny.clock);
        return [m, { values, rows: part.rows }];
      });
      const found = tiny.network.method.logits(Object.fromEntries(features), size);
      const want = expertLogits(tiny, tiny.values(), tiny.values()).flat();
      expectClose([...(found.experts?.["joint expert"]?.view() ?? [])], want, "expert");
      expect(Object.keys(found.modalities)).toEqual(MODALITIES);
      expect(found.joint).toBeNull();
    });
  });

  it("drops inputs of the expert in training", () => {
    const total = (share: number) => new Tiny(mlaJoint({ dropout: share })).step().losses.total;
    expect(total(0.5)).not.toBe(total(0));
  });
});

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dataset, type DenseData, mask, subset } from "../../src/data/dataset.ts";
import { missingMasks } from "../../src/data/missing.ts";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import { classShares, explain, explainAll } from "../../src/explain/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { concat, gated, mla, stack, sum, unimodal } from "../../src/methods/index.ts";
import { loadModel } from "../../src/train/load-model.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "../train/support.ts";

const models = new Map<string, Model<"easy" | "hard">>();
const whole = SMALL.data.validation as NonNullable<typeof SMALL.data.validation>;
const data = mask(whole, missingMasks(whole, { rate: 0.4, seed: 2 }).present);

beforeAll(async () => {
  for (const method of [mla(), concat(), concat({ imputation: "inputs" }), gated(), stack()]) {
    const model = await train({ ...SMALL, method, epochs: 1 }).finish();
    models.set(JSON.stringify(method), model);
  }
});
afterAll(() => {
  for (const model of models.values()) model.dispose();
});

describe("explain()", () => {
  it("splits every prediction without a rest, whatever combines the modalities and is missing", () => {
    const options = fc.record({
      of: fc.constantFrom("predicted", "true", { class: "class 1" }),
      scale: fc.constantFrom("probability", "log-odds"),
      prior: fc.constantFrom("uniform", classShares(SMALL.data.train)),
    });
    for (const model of models.values()) {
      const predictions = model.predictAll(data.modalities);
      fc.assert(
        fc.property(options, (given) => {
          const { samples, mean } = explainAll(model, data, given as never);
          samples.forEach(({ of, value, baseline, shapley, label, weights }, i) => {
            expect(shapley.easy + shapley.hard).toBeCloseTo(value - baseline, 9);
            const { probabilities } = predictions[i] as (typeof predictions)[number];
            const p = probabilities[of] as number;
            const wanted = given.scale === "probability" ? p : Math.log(p / (1 - p));
            expect(value).toBeCloseTo(wanted, 5);
            expect({ label, weights }).toEqual({
              label: predictions[i]?.label,
              weights: predictions[i]?.weights,
            });
            for (const m of ["easy", "hard"] as const) {
              if (data.modalities[m].present?.[i] === 0) expect(shapley[m]).toBe(0);
            }
          });
          const total = samples.reduce((sum, x) => sum + x.value - x.baseline, 0) / samples.length;
          expect(mean.easy + mean.hard).toBeCloseTo(total, 9);
        }),
        { numRuns: 4, seed: 7 },
      );
    }
  });

  it("says of a sample alone what it says of it among others, and what each modality alone would say", () => {
    const model = models.get(JSON.stringify(mla())) as Model<"easy" | "hard">;
    const { samples } = explainAll(model, subset(whole, [0, 1, 2]));
    const at = (m: "easy" | "hard", i: number) => {
      const { values } = whole.modalities[m] as DenseData;
      const length = values.length / whole.size;
      return values.slice(i * length, (i + 1) * length);
    };
    const sample = { easy: at("easy", 1), hard: at("hard", 1) };
    const alone = explain(model, sample);
    expect(alone).toEqual(samples[1]);
    const { label, probabilities } = model.predict({ hard: sample.hard });
    expect(alone.alone.hard).toEqual({ label, probabilities });
    expect(explain(model, { hard: sample.hard }).alone.easy).toBeNull();
  });

  it("gives two modalities that say the same the same share, and one that says nothing none", async () => {
    const { train: some } = await createSynthetic({
      sizes: { train: 40, validation: 10, test: 10 },
      seed: 1,
    });
    const { easy } = some.modalities;
    const blank = {
      ...easy,
      values: new Float32Array((easy as DenseData).values.length),
    };
    const three = { ...some, modalities: { one: easy, two: easy, three: blank } };
    const model = await twins(three);
    const { samples } = explainAll(model, three as Dataset);
    for (const { shapley } of samples) {
      expect(shapley.one).toBeCloseTo(shapley.two as number, 12);
      expect(shapley.three).toBe(0);
      expect(Math.abs(shapley.one as number)).toBeGreaterThan(0);
    }
    model.dispose();
  });

  it("refuses what it cannot explain", async () => {
    const model = models.get(JSON.stringify(mla())) as Model<"easy" | "hard">;
    const explained = (options: object) => () => explainAll(model, data, options);
    expect(explained({ of: { class: "x" } })).toThrow(OptionError);
    expect(explained({ of: { class: "x" } })).toThrow('"x": expected one of "class 0"');
    expect(explained({ scale: "logits" })).toThrow(/scale "logits"/);
    expect(explained({ prior: { "class 0": 1 } })).toThrow("got a sum of NaN");
    expect(explained({ prior: { "class 9": 1 } })).toThrow('got class "class 9"');
    expect(() => explain(model, {}, { of: "true" })).toThrow(OptionError);
    expect(() => explain(model, {})).toThrow(DataError);
    const other = { ...data, modalities: { easy: data.modalities.easy } };
    expect(() => explainAll(model, other as never)).toThrow('modality "hard"');
    const alone = await train({ ...SMALL, method: unimodal(), epochs: 1 }).finish();
    expect(() => explainAll(alone, data)).toThrow('got "unimodal" without one');
  });
});

/** A model whose first two modalities have the same parameters, and whose third one adds nothing. */
async function twins(some: Dataset): Promise<Model<string>> {
  const names = Object.keys(some.modalities);
  const encoders = Object.fromEntries(names.map((m) => [m, mlp({ hidden: [] })]));
  const run = train({ data: { train: some }, encoders, method: sum(), dim: 4, epochs: 1 });
  const { tensors, metadata } = decodeSafetensors((await run.finish()).save());
  const copied = [...tensors].map(([name, tensor]) => {
    const { shape, data: own } = tensors.get(name.replace(".two.", ".one.")) as typeof tensor;
    const none = name.startsWith("method.three.");
    return [name, { shape, data: none ? new Float32Array(own.length) : own }];
  });
  return loadModel(encodeSafetensors(Object.fromEntries(copied), Object.fromEntries(metadata)));
}

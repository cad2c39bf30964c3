import { describe, expect, it } from "vitest";
import { configOf, type PartConfig } from "../../src/config/part.ts";
import * as encoders from "../../src/encoders/index.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DataFormatError, UseAfterFreeError } from "../../src/engine/errors.ts";
import { SIMD_WASM } from "../../src/engine/wasm/simd.ts";
import { meanOfLogits } from "../../src/fusion/index.ts";
import { loadModel } from "../../src/infer/index.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { ALL_PARTS } from "../../src/train/all-parts.ts";
import { Model } from "../../src/train/model.ts";
import type { ModelSpec } from "../../src/train/model-spec.ts";
import { Network } from "../../src/train/network.ts";

const engine = await createEngine();

/** Numbers in nested lists of a shape, all different. */
function numbers(shape: readonly number[], seed: number): number[] {
  const [length, ...rest] = shape;
  if (length === undefined) return (((seed * 7919) % 64) / 32 - 1) as unknown as number[];
  return Array.from({ length }, (_, i) => numbers(rest, seed * 31 + i)) as unknown as number[];
}

/** What a model as it starts says on the whole core, and on the one that only predicts. */
async function predictBoth(spec: ModelSpec, modalities: Record<string, unknown[]>) {
  const model = new Model(new Network(engine, spec, 3, null), null);
  const file = model.save();
  model.dispose();
  const here = await loadModel(file, { parts: ALL_PARTS, wasm: SIMD_WASM });
  const alone = await loadModel(file, { parts: ALL_PARTS });
  const results = [here.predictAll(modalities as never), alone.predictAll(modalities as never)];
  here.dispose();
  alone.dispose();
  return results;
}

const spec = (parts: Partial<ModelSpec>): ModelSpec => ({
  classes: ["a", "b", "c"],
  dim: 6,
  inputs: {},
  words: {},
  encoders: {},
  method: configOf("method", METHODS.mla as never),
  fusion: meanOfLogits(),
  ...parts,
});

/** Two modalities, each missing once. */
const TWO = {
  inputs: { x: { kind: "dense", shape: [3] }, y: { kind: "dense", shape: [2] } },
  encoders: { x: encoders.mlp({ hidden: [5] }), y: encoders.mlp({ hidden: [] }) },
} as const;
const SAMPLES = {
  x: [numbers([3], 1), numbers([3], 2), null],
  y: [numbers([2], 3), null, numbers([2], 4)],
};

describe("loadModel() of altermodal/infer", () => {
  it.each(Object.values(METHODS))("predicts the bits of a model of $name", async (method) => {
    const own = spec({ ...TWO, method: configOf("method", method) });
    const [here, alone] = await predictBoth(own, SAMPLES);
    expect(alone).toEqual(here);
  });

  const shapes: Record<string, readonly number[]> = {
    conv: [16, 16, 3],
    embedding: [4],
    gru: [5, 3],
    resnet18: [32, 32, 3],
    textCnn: [],
    transformer: [8, 3],
  };
  it.each(Object.entries(encoders))("predicts the bits of encoder %s", async (name, encoder) => {
    const shape = shapes[name] ?? [4];
    const kind = encoder.definition.input as string;
    const bag = kind === "bag" || shape.length === 0;
    const input = bag ? { kind: "bag", vocabulary: 9 } : { kind: "dense", shape };
    const config = (encoder as () => PartConfig)();
    const samples = bag ? ["a b i", "e"] : [numbers(shape, 1), numbers(shape, 2)];
    const words = bag ? { m: [..."abcdefghi"] } : {};
    const [here, alone] = await predictBoth(
      spec({ inputs: { m: input as never }, encoders: { m: config }, words }),
      { m: samples },
    );
    expect(alone).toEqual(here);
  });

  it("refuses models of parts that are not given, and use after dispose()", async () => {
    const model = new Model(new Network(engine, spec(TWO), 3, null), null);
    const file = model.save();
    const parts = [encoders.mlp];
    await expect(loadModel(file, { parts })).rejects.toThrow(DataFormatError);
    await expect(loadModel(file, { parts })).rejects.toThrow('method: Cannot find "mla"');
    const predictor = await loadModel(file, { parts: ALL_PARTS });
    predictor.dispose();
    predictor.dispose();
    expect(() => predictor.predict({ x: [1, 2, 3] })).toThrow(UseAfterFreeError);
  });
});

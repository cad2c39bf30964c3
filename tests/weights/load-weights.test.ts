import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PartConfig } from "../../src/config/part.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { buildEncoder } from "../../src/encoders/build-encoder.ts";
import type { InputSpec } from "../../src/encoders/encoder.ts";
import { gru, mlp, resnet18, transformer } from "../../src/encoders/index.ts";
import { DataFormatError, OptionError } from "../../src/engine/errors.ts";
import { decodeSafetensors, type StoredTensor, type TensorFile } from "../../src/io/safetensors.ts";
import { EVALUATION } from "../../src/nn/layers.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { train } from "../../src/train/train.ts";
import { type LoadWeightsOptions, loadWeights, WEIGHT_MAPS } from "../../src/weights/index.ts";
import { inputOf, type RawSample } from "../encoders/support.ts";
import { ENGINES } from "../support/engines.ts";

/** Made by fixtures/make-encoders.py with PyTorch. */
const FOLDER = new URL("../fixtures/encoders/", import.meta.url);

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const FEATURES = JSON.parse(readFileSync(new URL("features.json", FOLDER), "utf8")) as Record<
  "resnet18" | "vit-hf" | "vit-timm" | "gru",
  { readonly input: Values; readonly features: Values }
> & { readonly bert: { readonly ids: number[][]; readonly mean: Values; readonly first: Values } };

const engine = ENGINES.simd;

function fileOf(name: string): Uint8Array {
  return readFileSync(new URL(`${name}.safetensors`, FOLDER));
}

interface Place {
  readonly encoder: PartConfig;
  readonly input: InputSpec;
  readonly dim: number;
}

function load(place: Place, file: Uint8Array | TensorFile, options?: LoadWeightsOptions) {
  return loadWeights({ modality: "m", ...place }, file, options);
}

/** Features of an encoder whose parameters begin as a file has them. */
function featuresOf(
  { encoder: config, input, dim }: Place,
  initial: ReadonlyMap<string, Float32Array>,
  samples: readonly RawSample[],
): Float32Array {
  const parameters = Parameters.create(engine, 1).scope("encoders").scope("m");
  const encoder = buildEncoder("m", config, input, dim, parameters);
  for (const [name, tensor] of parameters.entries()) {
    const values = initial.get(name);
    if (values !== undefined) tensor.set(values);
  }
  const features = engine.scope(() =>
    encoder.forward(inputOf(engine, input, samples), EVALUATION).toArray(),
  );
  parameters.dispose();
  return features as Float32Array;
}

function samplesOf({ shape: [count = 0], data }: Values): RawSample[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * size, (i + 1) * size));
}

function expectClose(got: ArrayLike<number>, want: Values): void {
  expect(got.length).toBe(want.data.length);
  want.data.forEach((value, i) => {
    const error = Math.abs((got[i] as number) - value) / Math.max(1, Math.abs(value));
    expect(error, `feature ${i}: expected ${value}, got ${got[i]}`).toBeLessThan(1e-4);
  });
}

function dense(values: Values): InputSpec {
  return { kind: "dense", shape: values.shape.slice(1) };
}

const RESNET: Place = {
  encoder: resnet18({ width: 2, out: "none" }),
  input: dense(FEATURES.resnet18.input),
  dim: 16,
};

const vit = (heads: number, epsilon: number): PartConfig =>
  transformer({
    width: 8,
    heads,
    depth: 2,
    feedForward: 16,
    patch: [4, 4],
    pool: "cls",
    epsilon,
    out: "none",
  });

const bert = (pool: "mean" | "first"): Place => ({
  encoder: transformer({
    width: 8,
    heads: 2,
    depth: 2,
    feedForward: 16,
    norm: "post",
    epsilon: 1e-12,
    maxLength: 8,
    pool,
    out: "none",
  }),
  input: { kind: "bag", vocabulary: 13 },
  dim: 8,
});

describe("PyTorch's features from PyTorch's weights", () => {
  it("ResNet-18, stored as float16", () => {
    const { input, features } = FEATURES.resnet18;
    const { initial, report } = load(RESNET, fileOf("resnet18"), { strict: true });
    expect(report).toMatchObject({ map: "torchvision-resnet18", prefix: "", fresh: [] });
    expectClose(featuresOf(RESNET, initial, samplesOf(input)), features);
  });

  it.each([
    ["vit-hf", "hf-vit", "vit.", 2, 1e-12],
    ["vit-timm", "timm-vit", "", 4, 1e-6],
  ] as const)("ViT: %s", (name, map, prefix, heads, epsilon) => {
    const { input, features } = FEATURES[name];
    const place = { encoder: vit(heads, epsilon), input: dense(input), dim: 8 };
    const { initial, report } = load(place, fileOf(name), { strict: true });
    expect(report).toMatchObject({ map, prefix });
    expectClose(featuresOf(place, initial, samplesOf(input)), features);
  });

  it.each(["mean", "first"] as const)("BERT, texts of different lengths, %s", (pool) => {
    const place = bert(pool);
    const { initial, report } = load(place, fileOf("bert"), { strict: true });
    expect(report).toMatchObject({ map: "hf-bert", prefix: "bert." });
    expectClose(featuresOf(place, initial, FEATURES.bert.ids), FEATURES.bert[pool]);
  });

  it("a GRU in both directions, sequences of different lengths", () => {
    const { input, features } = FEATURES.gru;
    const place = {
      encoder: gru({ hidden: 5, bidirectional: true }),
      input: dense(input),
      dim: 10,
    };
    const { initial, report } = load(place, fileOf("gru"), { strict: true });
    expect(report).toMatchObject({ map: "torch-gru", fresh: ["out.weight", "out.bias"] });
    // The last layer is ours: with the identity it shows the states.
    const identity = Float32Array.from({ length: 100 }, (_, i) => Number(i % 11 === 0));
    const all = new Map([...initial, ["encoders.m.out.weight", identity]]);
    expectClose(featuresOf(place, all, samplesOf(input)), features);
  });
});

describe("loadWeights()", () => {
  const file = decodeSafetensors(fileOf("resnet18"));
  const changed = (change: (tensors: Map<string, StoredTensor>) => void): TensorFile => {
    const tensors = new Map(file.tensors);
    change(tensors);
    return { ...file, tensors };
  };

  it("reports what is missing, extra and mis-shaped, and loads the rest", () => {
    const odd = changed((tensors) => {
      const bias = tensors.get("bn1.bias");
      tensors.delete("bn1.bias");
      if (bias !== undefined) tensors.set("stranger", bias);
    });
    const wide = { ...RESNET, input: { ...RESNET.input, shape: [20, 13, 1] } as InputSpec };
    const { initial, report } = load(wide, odd);
    expect(report.missing).toEqual(["stem.norm.bias"]);
    expect(report.extra).toEqual(["stranger"]);
    expect(report.misshaped).toEqual([
      { name: "stem.weight", expected: "[7, 7, 1, 2]", got: "[2, 3, 7, 7]" },
    ]);
    expect(initial.has("encoders.m.stem.norm.weight")).toBe(true);
    expect(initial.has("encoders.m.stem.weight")).toBe(false);
    const strict = (given: TensorFile, place = RESNET) => load(place, given, { strict: true });
    expect(() => strict(odd, wide)).toThrow(
      '"stem.weight" of shape [7, 7, 1, 2], got [2, 3, 7, 7]',
    );
    expect(() => strict(odd)).toThrow('expected something for "stem.norm.bias", got nothing');
    expect(() => strict(changed((t) => t.set("x", t.get("bn1.bias") as never)))).toThrow(
      'expected nothing else, got "x"',
    );
  });

  it("gives train() what its encoders begin with", async () => {
    const place = {
      encoder: gru({ hidden: 5, bidirectional: true }),
      input: dense(FEATURES.gru.input),
    };
    const { initial } = load({ ...place, dim: 4 }, fileOf("gru"));
    const frames = samplesOf(FEATURES.gru.input).map((sample) =>
      Array.from({ length: 6 }, (_, t) => sample.slice(3 * t, 3 * t + 3)),
    );
    const model = await train({
      data: { train: fromArrays({ modalities: { m: frames }, labels: ["a", "b", "a"] }) },
      encoders: { m: place.encoder },
      dim: 4,
      epochs: 1,
      initial,
      tuning: { m: { freezeNames: ["forward"] } },
      engine,
    }).finish();
    const name = "encoders.m.forward.state.weight";
    expect(model.parameters().get(name)).toEqual(initial.get(name));
    const other = name.replace("forward", "backward");
    expect(model.parameters().get(other)).not.toEqual(initial.get(other));
    model.dispose();
  });

  it("reads the last layer only if asked for", () => {
    const place = { ...RESNET, encoder: resnet18({ width: 2 }), dim: 5 };
    const without = load(place, file);
    expect(without.report.fresh).toEqual(["out.weight", "out.bias"]);
    expect(without.report.extra).toEqual([]);
    const { initial } = load(place, file, { head: true });
    expect(initial.get("encoders.m.out.weight")).toEqual(file.tensors.get("fc.weight")?.data);
  });

  it("refuses a file without a fitting name, a damaged one, and an unknown map", () => {
    const other = { ...RESNET, encoder: mlp() };
    expect(() => load(other, file)).toThrow(DataFormatError);
    expect(() => load(other, file)).toThrow('Cannot read anything for "m"');
    expect(() => load(RESNET, fileOf("resnet18").subarray(0, 999))).toThrow(DataFormatError);
    expect(() => load(RESNET, file, { map: "keras" })).toThrow(OptionError);
    expect(() => load(RESNET, file, { map: "keras" })).toThrow(
      Object.keys(WEIGHT_MAPS).sort().join('", "'),
    );
  });
});

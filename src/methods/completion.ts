/** Missing modalities of joint methods: left out at random in training, or stood in for by blank inputs. */
import { choice, number, type OptionValues } from "../config/options.ts";
import type { EncoderInput, InputSpec } from "../encoders/encoder.ts";
import type { Engine } from "../engine/engine.ts";
import type { Tensor } from "../engine/tensor.ts";
import { EVALUATION } from "../nn/layers.ts";
import { add, broadcastTo, gatherRows, mul } from "../ops/index.ts";
import { Random } from "../random.ts";
import type { Clock, FeatureSet, Features, MethodContext } from "./method.ts";
import { mapFeatures, spread } from "./steps.ts";

export const COMPLETION_OPTIONS = {
  modalityDropout: number(
    0,
    "chance that a training sample loses a modality; it always keeps one",
    { min: 0, max: 0.95 },
  ),
  imputation: choice(
    ["none", "inputs"],
    "none",
    "what stands for a missing modality: nothing, or what its encoder makes of a blank input",
  ),
};

type CompletionOptions = OptionValues<typeof COMPLETION_OPTIONS>;

/** Takes (sample, modality) pairs away at random; a function of seed, epoch and batch alone. */
export function dropModalities<M extends string>(
  { engine, options }: MethodContext<M, CompletionOptions>,
  features: FeatureSet<M>,
  size: number,
  { seed, epoch, batch }: Clock,
): FeatureSet<M> {
  if (options.modalityDropout === 0) return features;
  const random = new Random(seed, `modality dropout/${epoch}/${batch}`);
  const names = Object.keys(features) as M[];
  const held = names.map((m) => presence(features[m], size));
  const kept = names.map(() => new Uint8Array(size));
  for (let i = 0; i < size; i++) {
    const have = names.map((_, k) => k).filter((k) => held[k]?.[i] === 1);
    if (have.length === 0) continue;
    const lucky = have.filter(() => random.float() >= options.modalityDropout);
    const stay = lucky.length > 0 ? lucky : [have[random.int(have.length)] as number];
    for (const k of stay) (kept[k] as Uint8Array)[i] = 1;
  }
  return keepRows(engine, features, Object.fromEntries(names.map((m, k) => [m, kept[k]])) as never);
}

/** [size]: 1 where the sample has the modality. */
export function presence(part: Features | undefined, size: number): Uint8Array {
  if (part === undefined) return new Uint8Array(size);
  if (part.rows === null) return new Uint8Array(size).fill(1);
  const mask = new Uint8Array(size);
  for (const row of part.rows.view()) mask[row] = 1;
  return mask;
}

/** The features of the samples that each modality's mask [size] keeps; a modality without any is left out. */
export function keepRows<M extends string>(
  engine: Engine,
  features: FeatureSet<M>,
  masks: Readonly<Record<M, Uint8Array>>,
): FeatureSet<M> {
  const ints = (values: number[]) => engine.tensor(values, [values.length], { dtype: "i32" });
  const kept = mapFeatures(features, (m, { values, rows }) => {
    const all = rows === null ? Int32Array.from(masks[m].keys()) : (rows.view() as Int32Array);
    const positions = [...all.keys()].filter((i) => masks[m][all[i] as number] === 1);
    if (positions.length === all.length) return { values, rows };
    if (positions.length === 0) return undefined;
    const samples = positions.map((i) => all[i] as number);
    return { values: gatherRows(values, ints(positions)), rows: ints(samples) };
  });
  const found = Object.entries(kept).filter(([, part]) => part !== undefined);
  return Object.fromEntries(found) as FeatureSet<M>;
}

/** With imputation "inputs": each modality for every sample, a blank input's features where it is missing. */
export function imputeInputs<M extends string>(
  context: MethodContext<M, CompletionOptions>,
  features: FeatureSet<M>,
  size: number,
): FeatureSet<M> {
  if (context.options.imputation === "none") return features;
  const entries = context.modalities.map((m) => [m, imputed(context, m, features[m], size)]);
  return Object.fromEntries(entries) as FeatureSet<M>;
}

/** Features of one modality for every sample; batch norm uses its running statistics for the blank input. */
export function imputed<M extends string>(
  {
    engine,
    encoders,
    inputs,
    dim,
  }: Pick<MethodContext<M, unknown>, "engine" | "encoders" | "inputs" | "dim">,
  modality: M,
  part: Features | undefined,
  size: number,
): Features {
  if (part?.rows === null) return part;
  const blank = encoders[modality].forward(blankInput(engine, inputs[modality]), EVALUATION);
  if (part === undefined) return { values: broadcastTo(blank, [size, dim]), rows: null };
  const absent: Tensor = engine.tensor(
    presence(part, size).map((has) => 1 - has),
    [size, 1],
  );
  return { values: add(spread(part.values, part.rows, size), mul(absent, blank)), rows: null };
}

/** One sample of zeros, or without words. */
function blankInput(engine: Engine, spec: InputSpec): EncoderInput {
  if (spec.kind === "dense") return { kind: "dense", values: engine.tensor(0, [1, ...spec.shape]) };
  return {
    kind: "bag",
    ids: engine.tensor([], [0], { dtype: "i32" }),
    offsets: engine.tensor([0], [1], { dtype: "i32" }),
  };
}

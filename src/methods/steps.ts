/** What the steps of several methods share. */
import type { Encoder } from "../encoders/encoder.ts";
import type { Tensor } from "../engine/tensor.ts";
import { linearLayer, type PlainLayer } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";
import { add, scatterRows } from "../ops/index.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type {
  Clock,
  FeatureSet,
  Features,
  MethodContext,
  ModalityBatch,
  StepLosses,
  TrainingBatch,
} from "./method.ts";

/** One value per modality, in the order of declaration. */
export function perModality<M extends string, T>(
  modalities: readonly M[],
  make: (modality: M) => T,
): Record<M, T> {
  return Object.fromEntries(modalities.map((modality) => [modality, make(modality)])) as Record<
    M,
    T
  >;
}

/** One value per modality that has features. */
export function mapFeatures<M extends string, T>(
  features: FeatureSet<M>,
  make: (modality: M, features: Features) => T,
): { [K in M]?: T } {
  const entries = Object.entries(features) as [M, Features][];
  return Object.fromEntries(entries.map(([m, part]) => [m, make(m, part)])) as { [K in M]?: T };
}

/**
 * Calls `visit` for each modality that some sample of the batch has, each in a scope of its own.
 *
 * @param optimizers - of the encoders; `visit` takes their step, and then the memory of their gradients is the next one's
 */
export function alternate<M extends string>(
  context: MethodContext<M, unknown>,
  batch: TrainingBatch<M>,
  optimizers: Readonly<Record<M, Optimizer>>,
  visit: (modality: M, part: ModalityBatch) => number,
): StepLosses<M> {
  const modalities: { [K in M]?: number } = {};
  let total = 0;
  for (const modality of context.modalities) {
    const part = batch.inputs[modality];
    if (part === undefined) continue;
    const loss = context.engine.scope(() => visit(modality, part));
    optimizers[modality].parameters.releaseGradients();
    modalities[modality] = loss;
    total += loss;
  }
  return { total, modalities };
}

/** Features of every modality of the batch. */
export function encodeAll<M extends string>(
  context: MethodContext<M, unknown>,
  batch: TrainingBatch<M>,
  clock: Clock,
): FeatureSet<M> {
  const features: { [K in M]?: Features } = {};
  for (const modality of context.modalities) {
    const part = batch.inputs[modality];
    if (part === undefined) continue;
    const values = context.encoders[modality].forward(part.input, clock);
    features[modality] = { values, rows: part.rows, input: part.input };
  }
  return features;
}

/** The rows in place, zeros where a sample lacks the modality: [n, k] -> [size, k]. */
export function spread(values: Tensor, rows: Tensor | null, size: number): Tensor {
  return rows === null ? values : scatterRows(values, rows, size);
}

/** The labels of the samples that have a modality: i32 [n]. */
export function labelsAt(labels: Tensor, rows: Tensor | null): Tensor {
  if (rows === null) return labels;
  const all = labels.view();
  const own = Int32Array.from(rows.view(), (row) => all[row] as number);
  return labels.engine.tensor(own, [own.length], { dtype: "i32" });
}

/** Positions in the training data of the samples that have a modality. */
export function samplesAt(batch: TrainingBatch<string>, rows: Tensor | null): Int32Array {
  if (rows === null) return batch.indices;
  return Int32Array.from(rows.view(), (row) => batch.indices[row] as number);
}

/** Features of every modality for every sample, zeros where it is missing: [size, dim] each. */
export function denseFeatures<M extends string>(
  { engine, modalities, dim }: MethodContext<M, unknown>,
  features: FeatureSet<M>,
  size: number,
): Record<M, Tensor> {
  return perModality(modalities, (m) => {
    const part = features[m];
    return part === undefined
      ? engine.tensor(0, [size, dim])
      : spread(part.values, part.rows, size);
  });
}

/** A linear head per modality, each in a scope of its modality's name. */
export function ownHeads<M extends string>(
  { modalities, dim, classes, parameters: all }: MethodContext<M, unknown>,
  parameters: Parameters = all,
): Record<M, PlainLayer> {
  return perModality(modalities, (m) => linearLayer(parameters.scope(m), dim, classes));
}

/** The modalities' logits added up, [size, classes]; a missing modality adds nothing. */
export function sumLogits<M extends string>(
  { engine, modalities, classes }: MethodContext<M, unknown>,
  logits: { readonly [K in M]?: Tensor },
  features: FeatureSet<M>,
  size: number,
): Tensor {
  const parts = modalities.flatMap((m) => {
    const own = logits[m];
    return own === undefined ? [] : [spread(own, features[m]?.rows ?? null, size)];
  });
  if (parts.length === 0) return engine.tensor(0, [size, classes]);
  return parts.reduce((sum, part) => add(sum, part));
}

/** The weights of an encoder that have at least two axes: no biases, no norms. */
export function matrices({ parameters }: Encoder): Tensor[] {
  return parameters.trained().filter(({ rank }) => rank >= 2);
}

/** Sum of terms that may be none. */
export function addTerms(first: Tensor, ...terms: readonly Tensor[]): Tensor {
  return terms.reduce((sum, term) => add(sum, term), first);
}

/** Mean cross entropy of each modality's own logits, over the samples that have it. */
export function ownLosses<M extends string>(
  context: MethodContext<M, unknown>,
  parts: { readonly [K in M]?: Tensor },
  features: FeatureSet<M>,
  labels: Tensor,
): Tensor[] {
  return Object.values(
    mapFeatures(features, (m, { rows }) =>
      context.loss(parts[m] as Tensor, labelsAt(labels, rows)),
    ),
  ) as Tensor[];
}

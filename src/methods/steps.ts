/** What the steps of several methods share. */
import type { Tensor } from "../engine/tensor.ts";
import { linearLayer, type PlainLayer } from "../nn/layers.ts";
import { scatterRows } from "../ops/index.ts";
import type {
  Clock,
  FeatureSet,
  Features,
  MethodContext,
  MethodInstance,
  MethodLogits,
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

/** Calls `visit` for each modality that some sample of the batch has, each in a scope of its own. */
export function alternate<M extends string>(
  context: MethodContext<M, unknown>,
  batch: TrainingBatch<M>,
  visit: (modality: M, part: ModalityBatch) => number,
): StepLosses<M> {
  const modalities: { [K in M]?: number } = {};
  let total = 0;
  for (const modality of context.modalities) {
    const part = batch.inputs[modality];
    if (part === undefined) continue;
    const loss = context.engine.scope(() => visit(modality, part));
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
    features[modality] = { values, rows: part.rows };
  }
  return features;
}

/** The rows in place, zeros where a sample lacks the modality: [n, k] -> [size, k]. */
export function spread(values: Tensor, rows: Tensor | null, size: number): Tensor {
  return rows === null ? values : scatterRows(values, rows, size);
}

/**
 * A method that minimises one loss of joint logits over all its parameters at once.
 *
 * @param predict - joint logits [size, classes] of the features
 */
export function jointMethod<M extends string>(
  context: MethodContext<M, unknown>,
  predict: (features: FeatureSet<M>, size: number) => Tensor,
): MethodInstance<M> {
  const encoders = context.modalities.flatMap((m) => context.encoders[m].parameters.trained());
  const optimizer = context.optimizer("all", [...encoders, ...context.parameters.trained()]);
  return {
    step(batch, clock) {
      const logits = predict(encodeAll(context, batch, clock), batch.size);
      const total = context.descend("joint", context.loss(logits, batch.labels), optimizer);
      optimizer.step(clock.learningRate);
      return { total, modalities: {} };
    },
    logits: (features, size): MethodLogits<M> => ({
      modalities: {},
      joint: predict(features, size),
    }),
  };
}

/** A linear head per modality. */
export function ownHeads<M extends string>(
  context: MethodContext<M, unknown>,
): Record<M, PlainLayer> {
  const { modalities, parameters, dim, classes } = context;
  return perModality(modalities, (m) => linearLayer(parameters.scope(m), dim, classes));
}

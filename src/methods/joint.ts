/** What methods share that minimise one loss over all their parameters at once. */
import type { OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { linearLayer } from "../nn/layers.ts";
import { concat } from "../ops/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { COMPLETION_OPTIONS, dropModalities, imputeInputs } from "./completion.ts";
import type { Clock, FeatureSet, MethodContext, MethodInstance, TrainingBatch } from "./method.ts";
import { denseFeatures, encodeAll, mapFeatures, ownHeads, sumLogits } from "./steps.ts";

/** Options of every joint method: what it makes of missing modalities. */
export const JOINT_OPTIONS = COMPLETION_OPTIONS;

export type JointOptions = OptionValues<typeof JOINT_OPTIONS>;

/** What a joint method says of features. */
export interface JointLogits<M extends string> {
  /** [size, classes] */
  readonly joint: Tensor;
  /** [n, classes] of each modality, if it has logits of its own. */
  readonly parts: { readonly [K in M]?: Tensor };
}

/** Logits of the features that are there, of a batch of `size` samples. */
export type Predict<M extends string> = (features: FeatureSet<M>, size: number) => JointLogits<M>;

/** A forward pass of training. */
export interface JointPass<M extends string> extends JointLogits<M> {
  readonly batch: TrainingBatch<M>;
  readonly clock: Clock;
  /** As the encoders gave them. */
  readonly encoded: FeatureSet<M>;
  /** What the logits are of: without what was dropped, with what was imputed, as prepared. */
  readonly features: FeatureSet<M>;
}

export interface JointHooks<M extends string> {
  /** Changes, in training, what the heads see. */
  prepare?(features: FeatureSet<M>, batch: TrainingBatch<M>, clock: Clock): FeatureSet<M>;
  /** What is minimised; default: cross entropy of the joint logits. */
  loss?(pass: JointPass<M>): Tensor;
  /** Goes backward in a way of its own, instead of once from the loss, and returns what was minimised. */
  backward?(pass: JointPass<M>): number;
  /** Changes gradients after the backward pass, before they are limited. */
  modulate?(pass: JointPass<M>): void;
  /** True if each modality's own logits are trained too: they then speak for it alone. */
  readonly ownLogits?: boolean;
}

/** A joint method at work. */
export interface JointInstance<M extends string> extends MethodInstance<M> {
  /** Of all parameters. */
  readonly optimizer: Optimizer;
}

/** A method that minimises one loss over all its parameters at once. */
export function jointMethod<M extends string>(
  context: MethodContext<M, JointOptions>,
  predict: Predict<M>,
  hooks: JointHooks<M> = {},
): JointInstance<M> {
  const encoders = context.modalities.flatMap((m) => context.encoders[m].parameters.trained());
  const optimizer = context.optimizer("all", [...encoders, ...context.parameters.trained()]);
  return {
    optimizer,
    step(batch, clock) {
      const encoded = encodeAll(context, batch, clock);
      const kept = dropModalities(context, encoded, batch.size, clock);
      const whole = imputeInputs(context, kept, batch.size);
      const features = hooks.prepare?.(whole, batch, clock) ?? whole;
      const pass = { ...predict(features, batch.size), batch, clock, encoded, features };
      const loss = () => hooks.loss?.(pass) ?? context.loss(pass.joint, batch.labels);
      optimizer.clearGradients();
      const total = hooks.backward?.(pass) ?? context.backward("joint", loss());
      hooks.modulate?.(pass);
      context.clip(optimizer);
      optimizer.step(clock.learningRate);
      return { total, modalities: {} };
    },
    logits(features, size) {
      const { joint, parts } = predict(imputeInputs(context, features, size), size);
      return { joint, modalities: hooks.ownLogits === true ? parts : {} };
    },
  };
}

/** One linear head per modality, logits added: z = sum_m (W_m h_m + b_m); a missing modality adds nothing. */
export function summedHeads<M extends string>(context: MethodContext<M, unknown>): Predict<M> {
  const heads = ownHeads(context);
  return (features, size) => {
    const parts = mapFeatures(features, (m, { values }) => heads[m].forward(values));
    return { parts, joint: sumLogits(context, parts, features, size) };
  };
}

/** One head on the concatenated features, zeros for a missing modality: [size, classes]. */
export function concatHead<M extends string>(
  context: MethodContext<M, unknown>,
): (features: FeatureSet<M>, size: number) => Tensor {
  const { classes, dim, modalities, parameters } = context;
  const head = linearLayer(parameters.scope("head"), dim * modalities.length, classes);
  return (features, size) => {
    const dense = denseFeatures(context, features, size);
    const all = modalities.map((m) => dense[m]);
    return head.forward(concat(all, 1));
  };
}

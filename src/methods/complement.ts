/** A modality that learns what the others leave open. */
import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { add, gatherRows, mul, stopGradient } from "../ops/index.ts";
import type { FeatureSet, Features, MethodContext, TrainingBatch } from "./method.ts";
import { perModality, sumLogits } from "./steps.ts";

export const COMPLEMENT_OPTION = number(
  0,
  "c: share of the loss of a modality's logits added to the others', which get no gradient",
  { min: 0, max: 1 },
);

/**
 * (1 - c) CE(z_m) + c CE(z_m + sum over the others of sg(z_k)): at 0 every modality learns as if alone, at 1 each step is
 * one of block coordinate descent on the sum network. A sample that no other modality has counts as one without others.
 *
 * Source: this library.
 *
 * @param features - of all modalities of the batch, encoded before any of them takes its step
 * @param own - z_m, of the samples that have m
 * @param apply - the head, as it is now
 */
export function complementaryLoss<M extends string>(
  context: MethodContext<M, unknown>,
  batch: TrainingBatch<M>,
  features: FeatureSet<M>,
  modality: M,
  own: Tensor,
  apply: (values: Tensor) => Tensor,
  share: number,
): Tensor {
  const { labels, rows } = batch.inputs[modality] as NonNullable<(typeof batch.inputs)[M]>;
  const alone = context.loss(own, labels);
  const others: FeatureSet<M> = { ...features, [modality]: undefined };
  const logits = context.engine.noGrad(() =>
    perModality(
      context.modalities.filter((m) => others[m] !== undefined),
      (m) => apply((others[m] as Features).values),
    ),
  );
  const all = stopGradient(sumLogits(context, logits, others, batch.size));
  const theirs = rows === null ? all : gatherRows(all, rows);
  const together = context.loss(add(own, theirs), labels);
  return add(mul(alone, 1 - share), mul(together, share));
}

import type { Dataset, ModalityData } from "../data/dataset.ts";
import type { NestedNumbers } from "../data/modality-input.ts";
import type { ChannelNorm } from "../data/normalise.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { DataError } from "../engine/errors.ts";
import { exp } from "../engine/math.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import type { Outputs } from "../methods/epoch.ts";
import { perModality } from "../methods/steps.ts";
import { logProbabilities } from "../metrics/log-probabilities.ts";
import { predictClasses } from "../metrics/predict-classes.ts";
import { type FusedOutputs, fuseOutputs } from "./fuse-outputs.ts";
import type { ModelSpec } from "./model-spec.ts";

/** What a model says of one sample. */
export interface Prediction<M extends string> {
  /** The most probable class. */
  readonly label: string;
  /** Probability of each class. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Share of each modality in the decision, 0 for a missing one; null where the fusion has no weights. */
  readonly weights: Readonly<Record<M, number>> | null;
}

/** One value per modality; those left out or null are missing. */
export type Sample<M extends string> = {
  readonly [K in M]?: NestedNumbers | string | null | undefined;
};

/** Fused logits of outputs. @throws {DataError} if neither method nor fusion rule combines the modalities */
export function fuseAll<M extends string>(
  outputs: Outputs<M>,
  fusion: FittedFusion | null,
  spec: ModelSpec<M>,
): FusedOutputs {
  const fused = fuseOutputs(outputs, fusion);
  if (fused !== null) return fused;
  throw new DataError(
    `predict: Cannot combine the modalities: expected a method or a fusion rule that does, got "${spec.method.name}" without one; pass { fusion } to train()`,
  );
}

/** Fused logits of `size` samples as predictions. */
export function predictionsOf<M extends string>(
  modalities: readonly M[],
  classes: readonly string[],
  { logits, weights }: FusedOutputs,
  size: number,
): Prediction<M>[] {
  const probabilities = logProbabilities(logits, classes.length).map(exp);
  const labels = predictClasses(logits, classes.length);
  return Array.from({ length: size }, (_, i) => ({
    label: classes[labels[i] as number] as string,
    probabilities: Object.fromEntries(
      classes.map((name, c) => [name, probabilities[i * classes.length + c] as number]),
    ),
    weights: weights && perModality(modalities, (m) => weights[m]?.[i] as number),
  }));
}

/** A dataset of no samples in the model's form: what new samples are read like. */
export function emptyDataset<M extends string>(spec: ModelSpec<M>): Dataset<M> {
  const modalities = Object.entries<InputSpec>(spec.inputs).map(([m, input]) => [
    m,
    emptyModality(input, spec.words[m as M], spec.norms?.[m as M]),
  ]);
  return {
    name: "prediction",
    size: 0,
    classes: spec.classes,
    modalities: Object.fromEntries(modalities) as Record<M, ModalityData>,
    labels: new Int32Array(0),
    ids: [],
  };
}

function emptyModality(
  input: InputSpec,
  words: readonly string[] | undefined,
  norm: ChannelNorm | undefined,
): ModalityData {
  if (input.kind === "dense")
    return { ...input, values: new Float32Array(0), ...(norm && { norm }) };
  const bag = { ...input, ids: new Int32Array(0), offsets: new Int32Array(1) };
  return words === undefined ? bag : { ...bag, words };
}

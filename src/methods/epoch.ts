import type { Dataset } from "../data/dataset.ts";

/** What a network says of every sample of a dataset. Rows of samples that lack a modality are NaN. */
export interface Outputs<M extends string> {
  readonly size: number;
  readonly classes: number;
  /** [size, classes] of all present modalities together; null if the method leaves that to a fusion rule. */
  readonly joint: Float32Array | null;
  /** [size, classes] of each modality with the others absent. */
  readonly alone: Readonly<Record<M, Float32Array>>;
  /** Whether each modality has logits of its own; else they are those of all together with the others absent. */
  readonly ownHeads: Readonly<Record<M, boolean>>;
  /** [size, classes] of each further voice, by the name that the method gave it. */
  readonly experts: Readonly<Record<string, Float32Array>>;
  /** [size, dim] of each encoder. */
  readonly features: Readonly<Record<M, Float32Array>>;
  /** [size]: 1 where the sample has the modality. */
  readonly present: Readonly<Record<M, Uint8Array>>;
}

/** What an epoch goes through. */
export interface EpochPlan<M extends string> {
  /** Made of training samples: some of them, some repeated, some with modalities masked. */
  readonly data: Dataset<M>;
  /** Positions in the data of each batch, at most `batchSize` of the training data; default: all of the data, shuffled. */
  readonly batches?: readonly Int32Array[];
  /** True if the epoch only tries something: the parameters at its end are no candidates for the model. */
  readonly trial?: boolean;
}

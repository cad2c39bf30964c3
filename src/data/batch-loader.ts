/** Where batches are prepared, if not in the thread that trains. */
import type { PartConfig } from "../config/part.ts";
import type { Dataset } from "./dataset.ts";

/** What an epoch goes through, and what is done to it. */
export interface EpochData<M extends string> {
  readonly dataset: Dataset<M>;
  /** By modality, with their definitions. */
  readonly augment: Readonly<Record<string, PartConfig>>;
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  /** Ends whatever is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** Prepares batches elsewhere, ahead of the step: the same batches, whatever prepares them. */
export interface BatchLoader {
  /** How many batches beside the one in use are prepared or being prepared. */
  readonly ahead: number;
  /**
   * The dataset for reading ahead of one epoch, each batch once and in order.
   *
   * @returns `done`: the modalities whose values come augmented
   */
  load<M extends string>(
    epoch: EpochData<M>,
  ): { readonly dataset: Dataset<M>; readonly done: readonly string[] };
}

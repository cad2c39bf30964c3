/** What goes between a training and the workers that prepare its batches. */
import type { PartConfig } from "../config/part.ts";
import type { RowOrigin } from "../data/rows.ts";
import type { ErrorMessage } from "./error-message.ts";

/** One modality of one batch, to be read or changed or both. */
export interface BatchOrder {
  readonly id: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  readonly count: number;
  /** Room for `count` samples or more: holds their values unless they are to be read. It goes back with the answer. */
  readonly buffer: ArrayBuffer;
  readonly read?: { readonly origin: RowOrigin; readonly rows: Int32Array };
  readonly augment?: {
    readonly config: PartConfig;
    readonly modality: string;
    readonly seed: number;
    readonly epoch: number;
    /** Of each sample, as `createSampleNamer` has them. */
    readonly names: readonly string[];
  };
}

export type BatchAnswer =
  | { readonly id: number; readonly kind: "values"; readonly buffer: ArrayBuffer }
  /** A value that was read is not finite: where among the values, and what it is. */
  | { readonly id: number; readonly kind: "wrong"; readonly at: number; readonly value: number }
  | { readonly id: number; readonly kind: "failed"; readonly error: ErrorMessage };

import type { QuickScores } from "../metrics/index.ts";

/** One pass over the training data, judged on the validation data. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean training loss: what was minimised, and each modality's part of it where it has one. */
  readonly loss: { readonly total: number; readonly modalities: Readonly<Record<string, number>> };
  /** Null without validation data. */
  readonly validation: {
    readonly fused: QuickScores | null;
    readonly modalities: Readonly<Record<string, QuickScores>>;
  } | null;
  /** True if the method only tried something: the parameters at its end are no candidates for the model. */
  readonly trial?: boolean;
  /** Samples that went forward for what the method must know between epochs; left out: none. */
  readonly looked?: number;
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

import type { AnyPart, PartConfig } from "../config/part.ts";
import type { BatchLoader } from "../data/batch-loader.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Sampling } from "../data/sampling.ts";
import type { EncoderTuning } from "../encoders/tuning.ts";
import type { Engine } from "../engine/engine.ts";
import type { MethodMeasures } from "../methods/method.ts";
import type { EpochRecord } from "./epoch-record.ts";

/** Everything that a training depends on. `M` is the union of the modalities' names. */
export interface TrainConfig<M extends string> {
  readonly data: {
    readonly train: Dataset<M>;
    /** Judges every epoch and selects the one that is kept; without it the last epoch is kept. */
    readonly validation?: Dataset<M>;
  };
  /** One encoder per modality of the data. */
  readonly encoders: Readonly<Record<NoInfer<M>, PartConfig>>;
  /** Default: MLA. */
  readonly method?: PartConfig;
  /** How logits are combined; default: as the method says. */
  readonly fusion?: PartConfig;
  /** Default: SGD with learning rate 0.1, momentum 0.9 and weight decay 1e-4. */
  readonly optimizer?: PartConfig;
  /** Learning rate over the run; default: a tenth from 70 % of the epochs on. */
  readonly schedule?: PartConfig;
  readonly epochs?: number;
  readonly batchSize?: number;
  /** Length of the features that every encoder ends in. */
  readonly dim?: number;
  readonly seed?: number;
  /** `"balanced"`: inversely proportional to the class counts of the training part. */
  readonly classWeights?: "equal" | "balanced";
  /** What an epoch goes through: every sample once (the default), as many of each class, or by `samplingWeights`. */
  readonly sampling?: Sampling["sampling"];
  /** By class, how often its samples are drawn against those of others; left out: 1. */
  readonly samplingWeights?: Sampling["samplingWeights"];
  readonly labelSmoothing?: number;
  /** By modality: what is done at random to its training samples, as `altermodal/augment` has it; default: nothing. */
  readonly augment?: { readonly [K in NoInfer<M>]?: PartConfig };
  /** The parameters that are judged and kept are the mean over the ends of so many last epochs; default: 1, as they are. */
  readonly average?: number;
  /** Largest norm of the gradient of one optimizer's parameters; 0: no limit. */
  readonly clip?: number;
  /**
   * By modality: which weights of its encoder are trained and how fast, for encoders that start from trained values;
   * default: all of them, at the learning rate.
   */
  readonly tuning?: { readonly [K in NoInfer<M>]?: Partial<EncoderTuning> };
  /** Epoch whose parameters are kept: the best on validation data, or its number from 1. */
  readonly select?: "best" | number;
  /** Where configurations that are JSON alone, as those of a recipe, find their parts. */
  readonly parts?: readonly AnyPart[];
  /** Default: an engine of its own, freed with the model. */
  readonly engine?: Engine;
  /** Reads and augments batches elsewhere, ahead of the step, to the same bits: `batchThreads()` of `altermodal/node`. */
  readonly loader?: BatchLoader;
  /** Stops the run within one batch. */
  readonly signal?: AbortSignal;
  /** A checkpoint of the same configuration to go on from, as `run.checkpoint()` gives it. */
  readonly resume?: Uint8Array;
  /** Trained parameters of the method that this one starts from; default: it is trained first. */
  readonly startFrom?: ReadonlyMap<string, Float32Array>;
  /** Parameters to begin with, by name; those left out begin at random. The data may then lack a class or a modality. */
  readonly initial?: ReadonlyMap<string, ArrayLike<number>>;
  /** Told after every batch; must not change the model. */
  readonly onBatch?: (progress: BatchProgress) => void;
}

/** Where a run stands within an epoch. */
export interface BatchProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** From 1. */
  readonly batch: number;
  readonly batches: number;
  readonly loss: EpochRecord["loss"];
  readonly samplesPerSecond: number;
  readonly etaSeconds: number;
  /**
   * What the method tells about each modality's last step; undefined if it tells nothing. MLA: `trace`, `kept`, `cosine`,
   * `drift` and `rawDrift` of its head projection ({@link ProjectionMeasure}). Computed when read, within the callback.
   */
  readonly measures?: MethodMeasures | undefined;
}

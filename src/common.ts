/**
 * What every form of the library has: all but what needs the bytes of its core, and what has an entry of its own because
 * few bundles need it (metrics, explanations, adapting, checks of gradients, made data).
 */
export type { AnyPart, PartConfig } from "./config/part.ts";
export {
  type AugmentationDefinition,
  type Augmenter,
  defineAugmentation,
} from "./data/augmentation.ts";
export type { BatchLoader } from "./data/batch-loader.ts";
export { checkDataset } from "./data/check-dataset.ts";
export type { BagData, Dataset, DenseData, ModalityData, StreamedData } from "./data/dataset.ts";
export { mask, subset } from "./data/dataset.ts";
export { type FromArrays, fromArrays, fromArraysLike } from "./data/from-arrays.ts";
export { missingMasks } from "./data/missing.ts";
export type { ModalityInput, NestedNumbers } from "./data/modality-input.ts";
export type { RowOrigin, RowSource } from "./data/rows.ts";
export { type Part, splitGrouped } from "./data/split.ts";
export {
  defineEncoder,
  type Encoder,
  type EncoderContext,
  type EncoderDefinition,
  type EncoderInput,
  type InputSpec,
} from "./encoders/encoder.ts";
export * as encoders from "./encoders/index.ts";
export type { CoreBuild } from "./engine/core-build.ts";
export type { Engine } from "./engine/engine.ts";
export type { EngineInfo, MemoryUse } from "./engine/engine-info.ts";
export * from "./engine/errors.ts";
export type { Profile, ProfileOptions, ProfileRow } from "./engine/profile.ts";
export type { DType, Tensor, TensorOptions } from "./engine/tensor.ts";
export type { ThreadHandle, ThreadPool, ThreadStart } from "./engine/threads.ts";
export {
  defineFusion,
  type FittedFusion,
  type FusedLogits,
  type FusionDefinition,
  type LabelledModalityLogits,
  type ModalityLogits,
  type Row,
} from "./fusion/fusion.ts";
export * as fusion from "./fusion/index.ts";
export { decodeSafetensors, encodeSafetensors } from "./io/safetensors.ts";
export type { EpochPlan, Outputs } from "./methods/epoch.ts";
export * as methods from "./methods/index.ts";
export {
  type Clock,
  defineMethod,
  type FeatureSet,
  type Features,
  type MethodContext,
  type MethodDefinition,
  type MethodInstance,
  type MethodLogits,
  type ModalityBatch,
  type StepLosses,
  type TrainingBatch,
  type TrainingData,
} from "./methods/method.ts";
export type { QuickScores, Scores } from "./metrics/scores.ts";
export * as ops from "./ops/index.ts";
export * as optim from "./optim/index.ts";
export { Random } from "./random.ts";
export { ALL_PARTS } from "./train/all-parts.ts";
export type { BatchProgress, TrainConfig } from "./train/config.ts";
export type { EpochRecord } from "./train/epoch-record.ts";
export type { Model, ModelState, Prediction, Sample } from "./train/model.ts";
export type { ModelSpec } from "./train/model-spec.ts";
export type { RemoteModel, RemoteRun, TrainingPlace } from "./train/place.ts";
export type { TrainingRun } from "./train/training-run.ts";

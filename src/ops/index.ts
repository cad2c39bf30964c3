export { gelu, relu, sigmoid, tanh } from "./activation.ts";
export { add, div, maximum, minimum, mul, sub } from "./arithmetic.ts";
export { type AttentionOptions, scaledDotProductAttention } from "./attention.ts";
export { equal, greater, less, where } from "./comparison.ts";
export { type Conv1dOptions, type Conv2dOptions, conv1d, conv2d } from "./conv.ts";
export { type DropoutKey, dropout } from "./dropout.ts";
export { abs, exp, log, neg, sqrt, square } from "./elementary.ts";
export { assign, axpby, fillNormal, fillUniform } from "./in-place.ts";
export { type InterpolateOptions, interpolate } from "./interpolate.ts";
export {
  type CrossEntropyOptions,
  crossEntropy,
  type Reduction,
  softCrossEntropy,
} from "./loss.ts";
export {
  type FusedActivation,
  type LinearOptions,
  linear,
  type MatmulOptions,
  matmul,
} from "./matmul.ts";
export { type BatchNormOptions, type BatchNormState, batchNorm, layerNorm } from "./norm.ts";
export {
  type AvgPoolOptions,
  avgPool2d,
  globalAvgPool,
  maxPool2d,
  type PoolOptions,
} from "./pool.ts";
export { gruCell } from "./recurrence.ts";
export { argmax, logSumExp, max, mean, type ReductionOptions, sum } from "./reduction.ts";
export { type BagMode, embedding, embeddingBag, gatherRows, scatterRows } from "./rows.ts";
export { broadcastTo, concat, permute, reshape, slice, stopGradient } from "./shape.ts";
export { entropy, logSoftmax, softmax } from "./softmax.ts";
export type { Padding, Pair } from "./window.ts";

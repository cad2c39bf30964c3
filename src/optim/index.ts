export { Adam, type AdamOptions, adam, adamw } from "./adam.ts";
export { clipByNorm, clipByValue } from "./clip.ts";
export { defineOptimizer, type OptimizerDefinition } from "./define-optimizer.ts";
export { addGradientNoise, clearGradients, scaleGradients, takeGradients } from "./gradients.ts";
export {
  HEAD_PROJECTION_OPTIONS,
  HeadProjection,
  type HeadProjectionOptions,
  PAPER_HEAD_PROJECTION,
  type ProjectionMeasure,
} from "./head-projection.ts";
export type { Optimizer } from "./optimizer.ts";
export { OPTIMIZERS } from "./optimizers.ts";
export {
  type Parameter,
  ParameterList,
  type ParameterSettings,
  type StateArrays,
} from "./parameter-list.ts";
export {
  buildSchedule,
  constant,
  cosineDecay,
  linearDecay,
  SCHEDULES,
  type Schedule,
  stepDecay,
} from "./schedule.ts";
export { Sgd, type SgdOptions, sgd } from "./sgd.ts";
export { Snapshot } from "./snapshot.ts";

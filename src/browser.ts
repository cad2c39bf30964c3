/** What the single file for pages without a bundler holds: the library, and its small entries with it. */
export { createSynthetic } from "./data/synthetic.ts";
export { gradcheck } from "./engine/gradcheck.ts";
export { replayStep } from "./engine/replay.ts";
export * from "./explain/index.ts";
export * from "./index.ts";
export * from "./metrics/index.ts";
export { type Adaptation, type AdaptOptions, adapt, type LabelledArrays } from "./train/adapt.ts";
export {
  connectWorker,
  TrainingWorker,
  type WorkerInfo,
  type WorkerLike,
} from "./worker/client.ts";

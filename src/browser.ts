/** What the single file for pages without a bundler holds. */
export * from "./index.ts";
export {
  connectWorker,
  TrainingWorker,
  type WorkerInfo,
  type WorkerLike,
} from "./worker/client.ts";

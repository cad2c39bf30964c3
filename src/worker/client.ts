/** The page's side of a worker that trains: small, without an engine of its own. */
export * from "../engine/errors.ts";
export type { RemoteModel, RemoteRun, TrainingPlace } from "../train/place.ts";
export type { WorkerInfo } from "./messages.ts";
export { TrainingWorker } from "./training-worker.ts";
export type { WorkerLike } from "./worker-like.ts";

import { TrainingWorker } from "./training-worker.ts";
import type { WorkerLike } from "./worker-like.ts";

/**
 * A worker that trains and predicts, for `train({ ..., where })` or `where.train({ ... })`.
 *
 * @param create - `() => new Worker(new URL("altermodal/worker", import.meta.url), { type: "module" })`, written out in
 *   your own code, so that bundlers find the script; called at the first use, and again if the worker died
 */
export function connectWorker(create: () => WorkerLike): TrainingWorker {
  return new TrainingWorker(create);
}

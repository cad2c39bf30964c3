/** Both sides of workers that prepare batches: for pages, and for augmentations of your own. */
export type { BatchLoader, EpochData } from "../data/batch-loader.ts";
export type { RowOpeners, RowOrigin } from "../data/rows.ts";
export { BatchWorkers, type BatchWorkersOptions } from "./batch-workers.ts";
export { type ServeBatchesOptions, serveBatches } from "./serve-batches.ts";
export type { WorkerLike } from "./worker-like.ts";

import { BatchWorkers, type BatchWorkersOptions } from "./batch-workers.ts";
import type { WorkerLike } from "./worker-like.ts";

/**
 * Workers that prepare batches for `train({ loader })`.
 *
 * @param create - `() => new Worker(new URL("./batches.js", import.meta.url), { type: "module" })`, a script of yours that
 *   calls {@link serveBatches}
 * @throws {OptionError} if a number is out of range
 */
export function connectLoader(
  create: () => WorkerLike,
  options: BatchWorkersOptions = {},
): BatchWorkers {
  return new BatchWorkers(create, options);
}

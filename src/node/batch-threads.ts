import { Worker } from "node:worker_threads";
import { BatchWorkers, type BatchWorkersOptions } from "../worker/batch-workers.ts";
import { AUGMENTATIONS } from "./augmentations.ts";

export interface BatchThreadsOptions extends Omit<BatchWorkersOptions, "augmentations"> {
  /** Script of the threads, for code that runs unbuilt. */
  readonly script?: URL;
}

/**
 * Threads that read and augment batches ahead of the step: `train({ ..., loader: batchThreads() })`. They read
 * `storedRows` and prepared data that are streamed, and do the augmentations of `altermodal/augment`; what they cannot do is
 * done by the training's own thread. Started when there is something for them to do; they do not keep the process alive.
 *
 * @throws {OptionError} if a number is out of range
 */
export function batchThreads({ script, ...options }: BatchThreadsOptions = {}): BatchWorkers {
  const url = script ?? new URL("./batch-worker.js", import.meta.url);
  // Not with the process's own flags: some, such as --input-type, do not suit a script.
  return new BatchWorkers(() => new Worker(url, { execArgv: [] }), {
    ...options,
    augmentations: AUGMENTATIONS,
  });
}

/** The `altermodal/auto` of Node: the package makes the worker thread itself. */
export * from "../worker/client.ts";

import { Worker } from "node:worker_threads";
import { TrainingWorker } from "../worker/training-worker.ts";

/** A worker that trains and predicts, for `train({ ..., where: startWorker() })`; started at its first use. */
export function startWorker(): TrainingWorker {
  // Not with the process's own flags: some, such as --input-type, do not suit a script.
  return new TrainingWorker(
    () => new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] }),
  );
}

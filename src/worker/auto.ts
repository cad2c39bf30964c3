/** For bundlers and pages that serve the package's own files: a worker without a line of your own. */
export * from "./client.ts";

import { TrainingWorker } from "./training-worker.ts";

/** A worker that trains and predicts, for `train({ ..., where: startWorker() })`; started at its first use. */
export function startWorker(): TrainingWorker {
  return new TrainingWorker(
    () => new Worker(new URL("./script.js", import.meta.url), { type: "module" }),
  );
}

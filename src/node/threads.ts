import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { simdThreads } from "../engine/simd-threads.ts";
import type { ThreadPool, ThreadStart } from "../engine/threads.ts";

/**
 * Threads of an engine in Node: `createEngine({ threads: "auto", pool: nodeThreads })`. They do not keep the process
 * alive.
 */
export const nodeThreads: ThreadPool = {
  build: simdThreads,
  processors: availableParallelism(),
  spawn: (start) => spawnThread(new URL("./thread.js", import.meta.url), start),
};

/** Starts `script` as a thread of an engine. */
export function spawnThread(script: URL, start: ThreadStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    // Not with the process's own flags: some, such as --input-type, do not suit a script.
    const worker = new Worker(script, { workerData: start, execArgv: [] });
    worker.once("message", () => {
      worker.unref();
      resolve(worker);
    });
    worker.once("error", reject);
  });
}

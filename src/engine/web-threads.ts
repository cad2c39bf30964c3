import { simdThreads } from "./simd-threads.ts";
import type { ThreadPool } from "./threads.ts";

/**
 * Threads in a browser or in Deno.
 *
 * @param createWorker - `() => new Worker(new URL("altermodal/web-thread", import.meta.url), { type: "module" })`, written
 *   out in your own code, so that bundlers find the worker
 */
export function webThreads(createWorker: () => Worker): ThreadPool {
  return {
    build: simdThreads,
    spawn: (start) =>
      new Promise((resolve, reject) => {
        const worker = createWorker();
        worker.onmessage = () => resolve(worker);
        worker.onerror = (event) => reject(new Error(event.message || "the script did not load"));
        worker.postMessage(start);
      }),
  };
}

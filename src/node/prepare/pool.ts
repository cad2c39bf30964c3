/** Chunks on all cores: a worker thread each, or one after the other in this thread. */
import { Worker } from "node:worker_threads";
import { type ErrorMessage, errorOf } from "../../worker/error-message.ts";
import { Turns } from "../turns.ts";
import { type ChunkJob, type ChunkSummary, readChunk } from "./chunk.ts";

export interface ChunkPool {
  /**
   * Waits for a free thread. The first chunk that fails is the last that begins: its reason is that of all who wait.
   *
   * @throws the reason of the signal when it stops the work; what a thread then does is lost with it
   */
  run(job: ChunkJob, signal: AbortSignal): Promise<ChunkSummary>;
  /** Ends the threads; when it resolves, nothing is read or written any more. */
  close(): Promise<void>;
}

type Answer = { readonly summary: ChunkSummary } | { readonly error: ErrorMessage };

/** @param script - of the threads; the built one beside this module unless told otherwise */
export function createChunkPool(
  threads: number,
  script: URL = new URL("./worker.js", import.meta.url),
): ChunkPool {
  const workers = Array.from({ length: threads }, () => new Worker(script, { execArgv: [] }));
  const readers: ((job: ChunkJob, signal: AbortSignal) => Promise<ChunkSummary>)[] =
    threads === 0
      ? [readChunk]
      : workers.map((worker) => (job, signal) => ask(worker, job, signal));
  const turns = new Turns(readers);
  return {
    run: (job, signal) =>
      turns.take(async (read) => {
        try {
          signal.throwIfAborted();
          return await read(job, signal);
        } catch (error) {
          turns.stop(error);
          throw error;
        }
      }),
    async close() {
      turns.stop(new Error("prepare: the threads are closed"));
      await Promise.all(workers.map((worker) => worker.terminate()));
      await turns.settled();
    },
  };
}

function ask(worker: Worker, job: ChunkJob, signal: AbortSignal): Promise<ChunkSummary> {
  return new Promise((resolve, reject) => {
    const end = () => {
      worker.off("message", hear);
      worker.off("error", fail);
      worker.off("exit", leave);
      signal.removeEventListener("abort", stop);
    };
    const hear = (answer: Answer) => {
      end();
      if ("summary" in answer) resolve(answer.summary);
      else reject(errorOf(answer.error));
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const leave = () => fail(new Error("prepare: a worker ended before its work was done"));
    const stop = () => fail(signal.reason);
    signal.addEventListener("abort", stop);
    worker.on("message", hear);
    worker.on("error", fail);
    worker.on("exit", leave);
    worker.postMessage(job);
  });
}

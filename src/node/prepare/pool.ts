/** Chunks on all cores: a worker thread each, or one after the other in this thread. */
import { Worker } from "node:worker_threads";
import { type ErrorMessage, errorOf } from "../../worker/error-message.ts";
import { type ChunkJob, type ChunkSummary, readChunk } from "./chunk.ts";

export interface ChunkPool {
  /** Waits for a free thread. */
  /** @throws the reason of the signal when it stops the work; what a thread then does is lost with it */
  run(job: ChunkJob, signal: AbortSignal): Promise<ChunkSummary>;
  close(): Promise<void>;
}

type Answer = { readonly summary: ChunkSummary } | { readonly error: ErrorMessage };

/** @param script - of the threads; the built one beside this module unless told otherwise */
export function createChunkPool(
  threads: number,
  script: URL = new URL("./worker.js", import.meta.url),
): ChunkPool {
  const workers = Array.from({ length: threads }, () => new Worker(script, { execArgv: [] }));
  const idle: ((job: ChunkJob, signal: AbortSignal) => Promise<ChunkSummary>)[] =
    threads === 0
      ? [readChunk]
      : workers.map((worker) => (job, signal) => ask(worker, job, signal));
  const waiting: (() => void)[] = [];
  return {
    async run(job, signal) {
      while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      if (signal.aborted) {
        waiting.shift()?.();
        throw signal.reason;
      }
      const read = idle.shift() as (typeof idle)[number];
      try {
        return await read(job, signal);
      } finally {
        idle.push(read);
        waiting.shift()?.();
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
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

/** Jobs on all cores: a worker thread each, or one after the other in this thread. */
import { Worker } from "node:worker_threads";
import type { CellRecord, TestRecord } from "../../report/index.ts";
import { type ErrorMessage, errorOf } from "../../worker/error-message.ts";
import { Turns } from "../turns.ts";
import type { CellJob } from "./cell-job.ts";
import type { WorkerOrder } from "./cell-worker.ts";
import { type JobNews, JobPerformer, type JobResult } from "./perform-job.ts";

type AnyResult = CellRecord | TestRecord | null;
type Perform = (job: CellJob, tell: (news: JobNews) => void) => Promise<AnyResult>;

/** Performs jobs in the order in which they are given, several at a time. */
export interface JobPool {
  run<J extends CellJob>(job: J, tell?: (news: JobNews) => void): Promise<JobResult<J>>;
  /** Ends the threads, whose jobs are lost, and waits for what this thread is at. */
  close(): Promise<void>;
}

/**
 * @param workers - number of threads; 0: this one
 * @param signal - stops jobs within one batch
 */
export function createJobPool(workers: number, signal: AbortSignal): JobPool {
  const threads = Array.from({ length: workers }, () => createThread(signal));
  const performer = new JobPerformer();
  const local: Perform = (job, tell) => performer.perform(job, signal, tell);
  const turns = new Turns(workers === 0 ? [local] : threads.map((thread) => thread.perform));
  return {
    run: <J extends CellJob>(job: J, tell: (news: JobNews) => void = () => {}) =>
      turns.take(async (perform) => (await perform(job, tell)) as JobResult<J>),
    async close() {
      turns.stop(new Error("the threads are closed"));
      await Promise.all(threads.map((thread) => thread.close()));
      await turns.settled();
    },
  };
}

type WorkerNews =
  | JobNews
  | { readonly type: "done"; readonly result: AnyResult }
  | { readonly type: "failed"; readonly error: ErrorMessage };

function createThread(signal: AbortSignal) {
  let worker: Worker | undefined;
  const send = (order: WorkerOrder) => worker?.postMessage(order);
  const stop = () => send({ type: "stop" });
  const start = () => {
    // Not with the process's own flags: some, such as --input-type, do not suit a script.
    const fresh = new Worker(new URL("./cell-worker.js", import.meta.url), { execArgv: [] });
    signal.addEventListener("abort", stop);
    worker = fresh;
    if (signal.aborted) stop();
    return fresh;
  };
  const perform: Perform = (job, tell) =>
    new Promise((resolve, reject) => {
      const thread = worker ?? start();
      const end = () => {
        thread.off("message", hear);
        thread.off("error", fail);
        thread.off("exit", leave);
      };
      const hear = (news: WorkerNews) => {
        if (news.type === "batch" || news.type === "epoch") return tell(news);
        end();
        if (news.type === "done") resolve(news.result);
        else reject(errorOf(news.error));
      };
      const fail = (error: Error) => {
        end();
        worker = undefined;
        reject(error);
      };
      const leave = () => fail(new Error("a worker ended before its job was done"));
      thread.on("message", hear);
      thread.on("error", fail);
      thread.on("exit", leave);
      send({ type: "job", job });
    });
  return {
    perform,
    async close() {
      signal.removeEventListener("abort", stop);
      await worker?.terminate();
    },
  };
}

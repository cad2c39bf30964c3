/** A worker thread that performs the jobs it is sent, one at a time. */
import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../worker/error-message.ts";
import type { CellJob } from "./cell-job.ts";
import { JobPerformer } from "./perform-job.ts";

/** What a worker is told: a job, or to stop the one at work. */
export type WorkerOrder =
  | { readonly type: "job"; readonly job: CellJob }
  | { readonly type: "stop" };

const performer = new JobPerformer();
const stop = new AbortController();

parentPort?.on("message", async (order: WorkerOrder) => {
  if (order.type === "stop") {
    stop.abort();
    return;
  }
  try {
    const result = await performer.perform(order.job, stop.signal, (news) =>
      parentPort?.postMessage(news),
    );
    parentPort?.postMessage({ type: "done", result });
  } catch (error) {
    parentPort?.postMessage({ type: "failed", error: errorMessage(error) });
  }
});

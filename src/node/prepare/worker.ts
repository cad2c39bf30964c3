/** A worker thread that reads the chunks it is sent, one at a time. */
import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../worker/error-message.ts";
import { type ChunkJob, readChunk } from "./chunk.ts";

parentPort?.on("message", async (job: ChunkJob) => {
  try {
    parentPort?.postMessage({ summary: await readChunk(job) });
  } catch (error) {
    parentPort?.postMessage({ error: errorMessage(error) });
  }
});

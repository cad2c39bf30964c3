/** Script of a worker thread: one thread of an engine; see threads.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { runThread } from "../engine/threads.ts";

void runThread(workerData, () => parentPort?.postMessage("ready"));

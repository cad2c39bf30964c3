/** Script of a worker thread that trains and predicts. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { serve } from "../worker/serve.ts";
import { batchThreads } from "./batch-threads.ts";
import { ROW_OPENERS } from "./stored-rows.ts";
import { TRAINING_PARTS } from "./training-parts.ts";

const port = parentPort as MessagePort;
const loader = batchThreads();
port.on("message", serve(port, { parts: TRAINING_PARTS, openers: ROW_OPENERS, loader }));

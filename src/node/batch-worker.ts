/** Script of a worker thread that prepares batches; see batch-threads.ts. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { serveBatches } from "../worker/serve-batches.ts";
import { AUGMENTATIONS } from "./augmentations.ts";
import { ROW_OPENERS } from "./stored-rows.ts";

const port = parentPort as MessagePort;
port.on("message", serveBatches(port, { parts: AUGMENTATIONS, openers: ROW_OPENERS }));

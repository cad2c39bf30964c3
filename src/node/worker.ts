/** Script of a worker thread that trains and predicts. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { serve } from "../worker/serve.ts";

const port = parentPort as MessagePort;
port.on("message", serve(port));

/**
 * The browser's `Worker` on worker_threads, for libraries that look for it: `node --import ./browser-worker.mjs script`.
 *
 * As much as jax-js uses: a script without imports from a blob, `postMessage` and `onmessage` on both sides.
 */
import { resolveObjectURL } from "node:buffer";
import { availableParallelism } from "node:os";
import { Worker as NodeWorker } from "node:worker_threads";

const SCOPE = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.once("message", (source) => {
  (0, eval)(source);
  parentPort.on("message", (data) => self.onmessage({ data }));
});`;

globalThis.Worker = class {
  onmessage;
  onerror;
  #worker = new NodeWorker(SCOPE, { eval: true });
  /** Resolved when the script, and all messages so far, are on their way. */
  #started;

  constructor(url) {
    this.#worker.on("message", (data) => this.onmessage?.({ data }));
    this.#worker.on("error", (error) => this.onerror?.(error));
    this.#started = resolveObjectURL(String(url))
      .text()
      .then((source) => this.#worker.postMessage(source));
  }

  postMessage(message) {
    this.#started = this.#started.then(() => this.#worker.postMessage(message));
  }

  terminate() {
    return this.#worker.terminate();
  }
};
globalThis.navigator ??= { hardwareConcurrency: availableParallelism() };

/** What only Node has: threads of an engine, and a worker that the package makes itself. */
export { startWorker } from "./auto.ts";
export { nodeThreads } from "./threads.ts";

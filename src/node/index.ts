/** What only Node has: threads of an engine, rows of files, and a worker that the package makes itself. */
export { startWorker } from "./auto.ts";
export { storedRows } from "./stored-rows.ts";
export { nodeThreads } from "./threads.ts";

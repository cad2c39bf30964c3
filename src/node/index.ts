/** What only Node has: threads of an engine and of a loader, rows of files, and a worker that the package makes itself. */
export { startWorker } from "./auto.ts";
export { type BatchThreadsOptions, batchThreads } from "./batch-threads.ts";
export { type StoredRows, storedRows } from "./stored-rows.ts";
export { nodeThreads } from "./threads.ts";

import type { ThreadPool } from "../../src/engine/threads.ts";
import { nodeThreads, spawnThread } from "../../src/node/threads.ts";

const SCRIPT = new URL("../../dist/node/thread.js", import.meta.url);

/** Node's threads, running the built script: Node 20 cannot run the source of it. */
export const TEST_THREADS: ThreadPool = {
  ...nodeThreads,
  spawn: (start) => spawnThread(SCRIPT, start),
};

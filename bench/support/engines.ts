import { createEngine, type Engine } from "../../src/index.ts";
import { nodeThreads, spawnThread } from "../../src/node/threads.ts";

const SCRIPT = new URL("../../dist/node/thread.js", import.meta.url);

/** Engines on so many threads, whose script is the built one. @throws {OptionError} if they cannot be had */
export function engineFactory(threads: number): () => Promise<Engine> {
  if (threads === 1) return createEngine;
  const spawn: typeof nodeThreads.spawn = (start) => spawnThread(SCRIPT, start);
  const pool = { ...nodeThreads, processors: threads, spawn };
  return () => createEngine({ threads: "require", pool });
}

/**
 * Threads of an engine: workers that run the same core on the same memory.
 *
 * How a worker is made depends on the runtime, so the pool is passed in: `nodeThreads` in Node, `webThreads` in
 * browsers. What the workers do there is {@link runThread}.
 */
import { compileCore, instantiateCore } from "./core.ts";
import type { CoreBuild } from "./core-build.ts";
import { InternalError } from "./errors.ts";
import { mayBlock, SharedMemory } from "./shared-memory.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** What a worker is sent. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the pool's record in the memory. */
  readonly pool: number;
  readonly thread: number;
}

export interface ThreadHandle {
  terminate(): unknown;
}

/** Where workers come from. */
export interface ThreadPool {
  readonly build: CoreBuild;
  /** Processors of the machine; default: what the runtime says. */
  readonly processors?: number;
  /** Starts a worker; fulfilled once it has called `ready` in {@link runThread}. */
  spawn(start: ThreadStart): Promise<ThreadHandle>;
}

/** Runs in a worker: takes part in the engine's work until the engine is disposed of. Blocks the worker. */
export async function runThread(start: ThreadStart, ready: () => void): Promise<void> {
  const core = await instantiateCore(start.module, new SharedMemory(start.memory));
  ready();
  try {
    core.workerLoop(start.pool, start.thread);
  } catch (error) {
    core.workerFailed(start.pool);
    throw error;
  }
}

/** What runs an engine besides the core. */
export interface EngineThreads {
  readonly threads: number;
  readonly reason: string;
  readonly shared?: SharedMemory;
  readonly workers?: readonly ThreadHandle[];
}

/** A core and the workers at its side. */
export interface StartedThreads {
  readonly core: CoreExports;
  readonly shared: SharedMemory;
  readonly workers: readonly ThreadHandle[];
}

/** A core with `count - 1` workers. */
export async function startThreads(pool: ThreadPool, count: number): Promise<StartedThreads> {
  if (pool.build.wasm === undefined) throw new InternalError("internal: the build has no core");
  const module = await compileCore(pool.build.wasm);
  const shared = new SharedMemory();
  const { memory } = shared;
  const core = await instantiateCore(module, shared);
  const record = core.createPool(Number(mayBlock()));
  // All workers are up before the engine is used: starting one writes the module's constants to memory anew.
  const started = await Promise.allSettled(
    Array.from({ length: count - 1 }, (_, index) =>
      pool.spawn({ module, memory, pool: record, thread: index + 1 }),
    ),
  );
  const workers = started.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    for (const worker of workers) worker.terminate();
    throw failed.reason;
  }
  core.setThreads(count);
  return { core, shared, workers };
}

import { loadCore, type WasmSource } from "./core.ts";
import { type CoreBuild, whyNot } from "./core-build.ts";
import { Engine } from "./engine.ts";
import { OptionError } from "./errors.ts";
import { startThreads, type ThreadPool } from "./threads.ts";

export interface EngineOptions {
  /** Exactly this core, on one thread; default: the embedded `simd` build. */
  wasm?: WasmSource;
  /** A build to use where the runtime can, such as `relaxed`; elsewhere the embedded one. */
  build?: CoreBuild;
  /**
   * Threads that share large operations; the bits are the same for any number. `"auto"`: as many as processors;
   * `"require"`: as `"auto"`, but an error if that leaves one. Default 1.
   */
  threads?: number | "auto" | "require";
  /** Where threads come from: `nodeThreads`, or `webThreads(...)`. They run the pool's own build. */
  pool?: ThreadPool;
  /** Most bytes that tensors may take; default 4 GiB less one page. */
  memoryLimit?: number;
}

/**
 * Makes an engine.
 *
 * @param core - what runs where nothing else is asked for and can be had
 * @throws {DataFormatError} if the given WASM is not this library's
 * @throws {UnsupportedError} if the runtime refuses WebAssembly
 * @throws {OptionError} if threads are required and cannot be had
 */
export async function startEngine(core: WasmSource, options: EngineOptions): Promise<Engine> {
  const engine = await loadEngine(core, options);
  if (options.memoryLimit !== undefined) engine.core.setMemoryLimit(options.memoryLimit);
  return engine;
}

async function loadEngine(
  own: WasmSource,
  { wasm, build, threads = 1, pool }: EngineOptions,
): Promise<Engine> {
  if (typeof threads === "number" && !(Number.isInteger(threads) && threads >= 1)) {
    throw new OptionError(
      `engine: Cannot use this number of threads: expected a whole number >= 1, "auto" or "require", got ${threads}`,
    );
  }
  const plan = planThreads(threads, wasm === undefined ? pool : undefined);
  let { reason } = plan;
  if (plan.pool !== undefined) {
    try {
      const { core, shared, workers } = await startThreads(plan.pool, plan.count);
      return new Engine(core, { threads: plan.count, reason, shared, workers });
    } catch (error) {
      reason = `workers do not start: ${error instanceof Error ? error.message : error}`;
    }
  }
  if (threads === "require") {
    throw new OptionError(
      `engine: Cannot run on several threads: expected shared memory, workers and processors, got ${reason}`,
    );
  }
  if (build === undefined || wasm !== undefined) {
    return new Engine(await loadCore(wasm ?? own), { threads: 1, reason });
  }
  const missing = whyNot(build);
  if (missing !== undefined) reason = `${missing}: the simd build in its place; ${reason}`;
  return new Engine(await loadCore((missing === undefined ? build.wasm : undefined) ?? own), {
    threads: 1,
    reason,
  });
}

interface ThreadPlan {
  readonly count: number;
  readonly reason: string;
  /** Undefined if one thread it is. */
  readonly pool?: ThreadPool;
}

function planThreads(
  threads: number | "auto" | "require",
  pool: ThreadPool | undefined,
): ThreadPlan {
  const one = (reason: string): ThreadPlan => ({ count: 1, reason });
  if (threads === 1) return one("one thread asked for");
  if (pool === undefined) return one("no pool of threads given");
  const missing = whyNot(pool.build);
  if (missing !== undefined) return one(missing);
  if (typeof threads === "number") {
    return { count: threads, reason: `${threads} threads asked for`, pool };
  }
  const count = pool.processors ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return count === 1 ? one("one processor") : { count, reason: `${count} processors`, pool };
}

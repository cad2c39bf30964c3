/** What an engine says of itself. */
import { FEATURE_RELAXED, FEATURE_SIMD, FEATURE_THREADS } from "./abi.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** Bytes in use. */
export interface MemoryUse {
  /** Tensors that live until they are disposed. */
  readonly persistent: number;
  /** Taken by open scopes. */
  readonly scopes: number;
  /** The most that scopes have taken. */
  readonly scopesPeak: number;
  /** Reserved for scopes; kept between steps. */
  readonly reserved: number;
}

/** How an engine runs. */
export interface EngineInfo {
  /** Of the core: `"simd"`, `"relaxed"`, `"scalar"`, or one of them with `-threads`. */
  readonly build: string;
  readonly threads: number;
  /** Why so many threads, and why this build where another was asked for. */
  readonly reason: string;
}

/** Name of the build that a core is of. */
export function buildName(core: CoreExports): string {
  const features = core.coreFeatures();
  const shared = (features & FEATURE_THREADS) !== 0 ? "-threads" : "";
  if ((features & FEATURE_RELAXED) !== 0) return `relaxed${shared}`;
  return ((features & FEATURE_SIMD) !== 0 ? "simd" : "scalar") + shared;
}

/** What a core's memory holds now. */
export function memoryUse(core: CoreExports): MemoryUse {
  return {
    persistent: core.memoryPersistent() >>> 0,
    scopes: core.memoryArenaUsed() >>> 0,
    scopesPeak: core.memoryArenaPeak() >>> 0,
    reserved: core.memoryArena() >>> 0,
  };
}

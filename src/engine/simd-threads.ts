import type { CoreBuild } from "./core-build.ts";
import { whyNotShared } from "./shared-memory.ts";
import { SIMD_THREADS_WASM } from "./wasm/simd-threads.ts";

/** The `simd` build for several threads: the same bits, on shared memory. */
export const simdThreads: CoreBuild = {
  name: "simd-threads",
  wasm: SIMD_THREADS_WASM,
  unsupported: whyNotShared,
};

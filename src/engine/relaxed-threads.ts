import type { CoreBuild } from "./core-build.ts";
import { whyNotRelaxed } from "./relaxed.ts";
import { whyNotShared } from "./shared-memory.ts";
import { RELAXED_THREADS_WASM } from "./wasm/relaxed-threads.ts";

/**
 * The `relaxed` build for several threads: `createEngine({ threads: "auto", pool: { ...nodeThreads, build: relaxedThreads } })`.
 * The bits are the same for any number of threads on one machine.
 */
export const relaxedThreads: CoreBuild = {
  name: "relaxed-threads",
  wasm: RELAXED_THREADS_WASM,
  unsupported: () => whyNotShared() ?? whyNotRelaxed(),
};

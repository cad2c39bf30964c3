import type { CoreBuild } from "./core-build.ts";
import { SCALAR_WASM } from "./wasm/scalar.ts";

/** The build without SIMD, for runtimes that lack it: the bits of the default one, some four times slower. */
export const scalar: CoreBuild = {
  name: "scalar",
  wasm: SCALAR_WASM,
  unsupported: () => undefined,
};

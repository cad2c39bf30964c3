import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { SCALAR_WASM } from "../../src/engine/wasm/scalar.ts";

/** The builds under test; `scalar` is the oracle of `simd`: same source, same bits. */
export const ENGINES: Readonly<Record<"simd" | "scalar", Engine>> = {
  simd: await createEngine(),
  scalar: await createEngine({ wasm: SCALAR_WASM }),
};

import { FEATURES_SCALAR_WASM } from "../../src/engine/wasm/features-scalar.ts";
import { createFeatures, type Features } from "../../src/features/features.ts";

/** Both builds of the features core: `scalar` is the oracle of `simd`: same source, same bits. */
export const FEATURES: Readonly<Record<"simd" | "scalar", Features>> = {
  simd: await createFeatures(),
  scalar: await createFeatures({ wasm: FEATURES_SCALAR_WASM }),
};

/** Largest distance of two rows of numbers, as a share of max(1, |wanted|). */
export function worstError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const want = wanted[i] as number;
    const error = Math.abs((got[i] as number) - want) / Math.max(1, Math.abs(want));
    // NaN counts as far off.
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return worst;
}

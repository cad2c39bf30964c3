import { ABI_VERSION, FEATURE_RELAXED, FEATURE_SIMD, FEATURE_THREADS } from "../src/engine/abi";
import { checkLayout } from "./tensor";

/** Compared by the host at load, so that a stale binary is refused. */
export function abiVersion(): i32 {
  checkLayout();
  return ABI_VERSION;
}

/** What the core was compiled for. */
export function coreFeatures(): i32 {
  let features = 0;
  if (ASC_FEATURE_SIMD) features |= FEATURE_SIMD;
  if (ASC_FEATURE_RELAXED_SIMD) features |= FEATURE_RELAXED;
  if (ASC_FEATURE_THREADS) features |= FEATURE_THREADS;
  return features;
}

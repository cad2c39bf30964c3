// Lane helpers shared by every SIMD kernel.

/**
 * a * b + c in each f32 lane. The `simd` build rounds twice (multiply, then add), so it gives
 * the same bits as scalar code on every machine; only the `relaxed` build may fuse the two.
 */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f32x4.relaxed_madd(a, b, c);
  }
  return f32x4.add(f32x4.mul(a, b), c);
}

// The speed limit of one core for these kernels: multiply and add with nothing read or written.

import { madd } from "../simd";

/** Floating-point operations in one round of {@link f32_peak}. */
export function f32_peak_flops(): i32 {
  return ASC_FEATURE_SIMD ? 13 * 4 * 2 : 12 * 2;
}

/**
 * Runs `rounds` rounds of independent multiply-add chains held in registers.
 *
 * @param operands - two floats, a factor below 1 and an addend; memory keeps them from being folded
 * @returns a sum of the chains, so that none of them can be dropped
 */
export function f32_peak(operands: usize, rounds: i32): f32 {
  if (ASC_FEATURE_SIMD) {
    const x = v128.load32_splat(operands);
    const y = v128.load32_splat(operands, 4);
    let c0 = f32x4.splat(0);
    let c1 = f32x4.splat(1);
    let c2 = f32x4.splat(2);
    let c3 = f32x4.splat(3);
    let c4 = f32x4.splat(4);
    let c5 = f32x4.splat(5);
    let c6 = f32x4.splat(6);
    let c7 = f32x4.splat(7);
    let c8 = f32x4.splat(8);
    let c9 = f32x4.splat(9);
    let c10 = f32x4.splat(10);
    let c11 = f32x4.splat(11);
    let c12 = f32x4.splat(12);
    for (let i = 0; i < rounds; i++) {
      c0 = madd(c0, x, y);
      c1 = madd(c1, x, y);
      c2 = madd(c2, x, y);
      c3 = madd(c3, x, y);
      c4 = madd(c4, x, y);
      c5 = madd(c5, x, y);
      c6 = madd(c6, x, y);
      c7 = madd(c7, x, y);
      c8 = madd(c8, x, y);
      c9 = madd(c9, x, y);
      c10 = madd(c10, x, y);
      c11 = madd(c11, x, y);
      c12 = madd(c12, x, y);
    }
    const front = f32x4.add(
      f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
      f32x4.add(f32x4.add(c4, c5), c12),
    );
    const back = f32x4.add(f32x4.add(f32x4.add(c6, c7), f32x4.add(c8, c9)), f32x4.add(c10, c11));
    return f32x4.extract_lane(f32x4.add(front, back), 0);
  } else {
    const x = load<f32>(operands);
    const y = load<f32>(operands, 4);
    let c0: f32 = 0;
    let c1: f32 = 1;
    let c2: f32 = 2;
    let c3: f32 = 3;
    let c4: f32 = 4;
    let c5: f32 = 5;
    let c6: f32 = 6;
    let c7: f32 = 7;
    let c8: f32 = 8;
    let c9: f32 = 9;
    let c10: f32 = 10;
    let c11: f32 = 11;
    for (let i = 0; i < rounds; i++) {
      c0 = c0 * x + y;
      c1 = c1 * x + y;
      c2 = c2 * x + y;
      c3 = c3 * x + y;
      c4 = c4 * x + y;
      c5 = c5 * x + y;
      c6 = c6 * x + y;
      c7 = c7 * x + y;
      c8 = c8 * x + y;
      c9 = c9 * x + y;
      c10 = c10 * x + y;
      c11 = c11 * x + y;
    }
    return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
  }
}

/**
 * Inner products in f64. Four partial sums by position mod 4, added as (0 + 2) + (1 + 3): the same bits in both builds.
 */

/** sum of a[i] b[i], i < n; both f64. */
export function dot64(a: usize, b: usize, n: i32): f64 {
  const end = a + ((<usize>(n & ~3)) << 3);
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; a < end; a += 32, b += 32) {
      low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
      high = f64x2.add(high, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    }
    s0 = f64x2.extract_lane(low, 0);
    s1 = f64x2.extract_lane(low, 1);
    s2 = f64x2.extract_lane(high, 0);
    s3 = f64x2.extract_lane(high, 1);
  } else {
    for (; a < end; a += 32, b += 32) {
      s0 += load<f64>(a) * load<f64>(b);
      s1 += load<f64>(a, 8) * load<f64>(b, 8);
      s2 += load<f64>(a, 16) * load<f64>(b, 16);
      s3 += load<f64>(a, 24) * load<f64>(b, 24);
    }
  }
  if ((n & 3) > 0) s0 += load<f64>(a) * load<f64>(b);
  if ((n & 3) > 1) s1 += load<f64>(a, 8) * load<f64>(b, 8);
  if ((n & 3) > 2) s2 += load<f64>(a, 16) * load<f64>(b, 16);
  return s0 + s2 + (s1 + s3);
}

/** As {@link dot64}, of f32 operands. */
export function dot32(a: usize, b: usize, n: i32): f64 {
  const end = a + ((<usize>(n & ~3)) << 2);
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; a < end; a += 16, b += 16) {
      low = f64x2.add(low, f64x2.mul(wide(a), wide(b)));
      high = f64x2.add(high, f64x2.mul(wide(a + 8), wide(b + 8)));
    }
    s0 = f64x2.extract_lane(low, 0);
    s1 = f64x2.extract_lane(low, 1);
    s2 = f64x2.extract_lane(high, 0);
    s3 = f64x2.extract_lane(high, 1);
  } else {
    for (; a < end; a += 16, b += 16) {
      s0 += <f64>load<f32>(a) * <f64>load<f32>(b);
      s1 += <f64>load<f32>(a, 4) * <f64>load<f32>(b, 4);
      s2 += <f64>load<f32>(a, 8) * <f64>load<f32>(b, 8);
      s3 += <f64>load<f32>(a, 12) * <f64>load<f32>(b, 12);
    }
  }
  if ((n & 3) > 0) s0 += <f64>load<f32>(a) * <f64>load<f32>(b);
  if ((n & 3) > 1) s1 += <f64>load<f32>(a, 4) * <f64>load<f32>(b, 4);
  if ((n & 3) > 2) s2 += <f64>load<f32>(a, 8) * <f64>load<f32>(b, 8);
  return s0 + s2 + (s1 + s3);
}

/** Sum of squares of n f32. */
export function sumOfSquares(x: usize, n: i32): f64 {
  return dot32(x, x, n);
}

/** Two f32 as f64. */
export function wide(pointer: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(pointer));
}

/** dst[i] = x[i], i < n: f32 to f64. */
export function promote(dst: usize, x: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++)
    store<f64>(dst + (i << 3), <f64>load<f32>(x + (i << 2)));
}

/** dst[i] = x[i], i < n: f64 to f32. */
export function demote(dst: usize, x: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++)
    store<f32>(dst + (i << 2), <f32>load<f64>(x + (i << 3)));
}

/** x[i] += factor y[i], i < n; f64. */
export function axpy64(x: usize, y: usize, n: i32, factor: f64): void {
  const end = x + ((<usize>n) << 3);
  if (ASC_FEATURE_SIMD) {
    const pairs = x + ((<usize>(n & ~1)) << 3);
    const factors = f64x2.splat(factor);
    for (; x < pairs; x += 16, y += 16) {
      v128.store(x, f64x2.add(v128.load(x), f64x2.mul(factors, v128.load(y))));
    }
  }
  for (; x < end; x += 8, y += 8) store<f64>(x, load<f64>(x) + factor * load<f64>(y));
}

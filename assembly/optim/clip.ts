/** Gradient clipping over a list; parameters without a gradient do not count. */
import { entryAt, isActive, ParameterList } from "./parameter-list";

/**
 * Euclidean norm of all gradients together. f64 sums: four partial ones by position mod 4, then pairwise, in the order
 * of the list.
 */
export function gradNorm(list: ParameterList): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    if (isActive(entry)) sum += squares(entry.parameter.grad, entry.parameter.size);
  }
  return sqrt(sum);
}

/** Multiplies all gradients. */
export function scaleGrads(list: ParameterList, factor: f32): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    if (!isActive(entry)) continue;
    let g = entry.parameter.grad;
    const end = g + ((<usize>entry.parameter.size) << 2);
    if (ASC_FEATURE_SIMD) {
      const factors = f32x4.splat(factor);
      for (; g < end; g += 16) v128.store(g, f32x4.mul(v128.load(g), factors));
    } else {
      for (; g < end; g += 4) store<f32>(g, load<f32>(g) * factor);
    }
  }
}

/** Limits every element of all gradients to [-limit, limit]; NaN stays NaN. */
export function clipGrads(list: ParameterList, limit: f32): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    if (!isActive(entry)) continue;
    let g = entry.parameter.grad;
    const end = g + ((<usize>entry.parameter.size) << 2);
    if (ASC_FEATURE_SIMD) {
      for (; g < end; g += 16) {
        const low = f32x4.max(v128.load(g), f32x4.splat(-limit));
        v128.store(g, f32x4.min(low, f32x4.splat(limit)));
      }
    } else {
      for (; g < end; g += 4) store<f32>(g, min<f32>(max<f32>(load<f32>(g), -limit), limit));
    }
  }
}

function squares(x: usize, n: i32): f64 {
  const whole = x + ((<usize>(n & ~3)) << 2);
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; x < whole; x += 16) {
      const a = f64x2.promote_low_f32x4(v128.load64_zero(x));
      const b = f64x2.promote_low_f32x4(v128.load64_zero(x, 8));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    s0 = f64x2.extract_lane(low, 0);
    s1 = f64x2.extract_lane(low, 1);
    s2 = f64x2.extract_lane(high, 0);
    s3 = f64x2.extract_lane(high, 1);
  } else {
    for (; x < whole; x += 16) {
      s0 += square(x);
      s1 += square(x + 4);
      s2 += square(x + 8);
      s3 += square(x + 12);
    }
  }
  if ((n & 3) > 0) s0 += square(x);
  if ((n & 3) > 1) s1 += square(x + 4);
  if ((n & 3) > 2) s2 += square(x + 8);
  return s0 + s1 + (s2 + s3);
}

function square(x: usize): f64 {
  const value = <f64>load<f32>(x);
  return value * value;
}

/** Gradient clipping over a list; parameters without a gradient do not count. */
import { sumOfSquares } from "../linalg/dot";
import { entryAt, isActive, ParameterList } from "./parameter-list";

/**
 * Euclidean norm of all gradients together, summed in f64 in the order of the list.
 */
export function gradNorm(list: ParameterList): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    if (isActive(entry)) sum += sumOfSquares(entry.parameter.grad, entry.parameter.size);
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

/** Softmax of one row, stable: the row's greatest value is subtracted before exp. */
import { mul, sub } from "../lanes";
import { Exp } from "../math";
import { maxRow, sumRow } from "./reduce";
import { rowMap, rowScale } from "./rows";

@unmanaged
class ShiftedExp {
  term<T>(a: T, _b: T, p: T, _q: T, _r: T): T {
    return Exp.of<T>(sub<T>(a, p));
  }
}

/** p[j] = exp(x[j] - max x); returns their sum s, so that softmax is p / s and log-sum-exp max x + log s. */
export function rowExp(p: usize, x: usize, greatest: f32, n: i32): f32 {
  rowMap<ShiftedExp>(p, x, x, greatest, 0, 0, n, false);
  return sumRow(p, n);
}

/** p[j] = softmax(x)[j]; `p` may be `x`. */
export function rowSoftmax(p: usize, x: usize, n: i32): void {
  const sum = rowExp(p, x, maxRow(x, n), n);
  rowScale(p, p, 1 / sum, n, false);
}

@unmanaged
class SoftmaxGradient {
  term<T>(a: T, b: T, p: T, _q: T, _r: T): T {
    return mul<T>(b, sub<T>(a, p));
  }
}

/** dx[j] = or += y[j] (dy[j] - dot), where dot = sum of dy y. */
export function rowSoftmaxGrad(
  dx: usize,
  dy: usize,
  y: usize,
  dot: f32,
  n: i32,
  accumulate: bool,
): void {
  rowMap<SoftmaxGradient>(dx, dy, y, dot, 0, 0, n, accumulate);
}

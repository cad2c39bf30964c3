/**
 * Maps over rows of n floats that may stand anywhere in a larger buffer: nothing past a row is written.
 *
 * A functor gives one formula for v128 and f32 (see lanes.ts), `term(a, b, p, q, r)` on elements of two rows and up to
 * three numbers that hold for the whole row; both builds give the same bits. `dst` may be an operand.
 */
import { keepGreater, mul } from "../lanes";

/** dst[j] = or += f(a[j], b[j], p, q, r), j < n. */
export function rowMap<F>(
  dst: usize,
  a: usize,
  b: usize,
  p: f32,
  q: f32,
  r: f32,
  n: i32,
  accumulate: bool,
): void {
  const f = changetype<F>(0);
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const ps = f32x4.splat(p);
    const qs = f32x4.splat(q);
    const rs = f32x4.splat(r);
    for (; dst + 16 <= end; dst += 16, a += 16, b += 16) {
      const y = f.term<v128>(v128.load(a), v128.load(b), ps, qs, rs);
      v128.store(dst, accumulate ? f32x4.add(v128.load(dst), y) : y);
    }
  }
  for (; dst < end; dst += 4, a += 4, b += 4) {
    const y = f.term<f32>(load<f32>(a), load<f32>(b), p, q, r);
    store<f32>(dst, accumulate ? load<f32>(dst) + y : y);
  }
}

@unmanaged
class Same {
  term<T>(a: T, _b: T, _p: T, _q: T, _r: T): T {
    return a;
  }
}

/** dst[j] += x[j]. */
export function rowAdd(dst: usize, x: usize, n: i32): void {
  rowMap<Same>(dst, x, x, 0, 0, 0, n, true);
}

@unmanaged
class Scaled {
  term<T>(a: T, _b: T, p: T, _q: T, _r: T): T {
    return mul<T>(a, p);
  }
}

/** dst[j] = or += x[j] scale. */
export function rowScale(dst: usize, x: usize, scale: f32, n: i32, accumulate: bool): void {
  rowMap<Scaled>(dst, x, x, scale, 0, 0, n, accumulate);
}

@unmanaged
class Product {
  term<T>(a: T, b: T, _p: T, _q: T, _r: T): T {
    return mul<T>(a, b);
  }
}

/** dst[j] = or += a[j] b[j]. */
export function rowMultiply(dst: usize, a: usize, b: usize, n: i32, accumulate: bool): void {
  rowMap<Product>(dst, a, b, 0, 0, 0, n, accumulate);
}

@unmanaged
class KeepPositive {
  term<T>(a: T, b: T, p: T, _q: T, _r: T): T {
    return keepGreater<T>(b, p, a);
  }
}

/** dz[j] = dy[j] where y[j] > 0, else 0: what a fused relu lets through. */
export function keepWherePositive(dz: usize, dy: usize, y: usize, n: i32): void {
  rowMap<KeepPositive>(dz, dy, y, 0, 0, 0, n, false);
}

/** dst[j] += the sum of column j of x[rows, n], row by row in ascending order. */
export function addColumnSums(dst: usize, x: usize, rows: i32, n: i32): void {
  const step = (<usize>n) << 2;
  for (let row = 0; row < rows; row++, x += step) rowAdd(dst, x, n);
}

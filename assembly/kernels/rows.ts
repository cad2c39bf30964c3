/**
 * Maps over rows of n floats that may stand anywhere in a larger buffer: nothing past a row is written.
 *
 * A functor gives one formula for v128 and f32 (see lanes.ts), `term(a, b, p, q, r)` on elements of two rows and up to
 * three numbers that hold for the whole row; both builds give the same bits. `dst` may be an operand.
 */
import { add, keepGreater, mul, read, write } from "../lanes";
import { FloatShare, newShare, shareFloats, worthSharingLoop } from "../share";
import { forColumnGroups, GroupShare } from "./column-groups";

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
  if (ASC_FEATURE_THREADS && worthSharingLoop(n))
    shareFloats(keepItem.index, n, dz, dy, y, 0, 0, false);
  else rowMap<KeepPositive>(dz, dy, y, 0, 0, 0, n, false);
}

function keepItem(args: usize, item: i32, _thread: i32): void {
  const share = changetype<FloatShare>(args);
  const at = share.at(item);
  rowMap<KeepPositive>(share.a + at, share.b + at, share.c + at, 0, 0, 0, share.count(item), false);
}

@unmanaged
class ColumnSumShare extends GroupShare {
  dst: usize;
  x: usize;
}

/** dst[j] += the sum of column j of x[rows, n], row by row in ascending order; threads share the columns. */
export function addColumnSums(dst: usize, x: usize, rows: i32, n: i32): void {
  const share = newShare<ColumnSumShare>();
  share.rows = rows;
  share.n = n;
  share.dst = dst;
  share.x = x;
  forColumnGroups<ColumnSums, ColumnSumShare>(share);
}

@unmanaged
class ColumnSums {
  columns<T>(s: ColumnSumShare, row: i32, count: i32, j: i32): void {
    const to = s.dst + ((<usize>j) << 2);
    const step = (<usize>s.n) << 2;
    let x = s.x + ((<usize>(row * s.n + j)) << 2);
    let sum = read<T>(to);
    for (; count > 0; count--, x += step) sum = add<T>(sum, read<T>(x));
    write<T>(to, sum);
  }
}

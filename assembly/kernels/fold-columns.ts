/**
 * Reductions across rows: x is (length, n), the result has n columns. Each column adds from the first row to the last,
 * in both builds. Nothing past the n-th column is written.
 *
 * A functor has `start<T>()` and `fold<T>(so far, x, p)`, where p is the column's number in the row `p`.
 */
import { read, write } from "../lanes";

/** dst[j] = fold over l of x[l][j]; pass any address for `p` if F does not read it. */
export function foldColumns<F>(dst: usize, x: usize, p: usize, length: i32, n: i32): void {
  const f = changetype<F>(0);
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const stride = (<usize>n) << 2;
    for (; j <= n - 16; j += 16) {
      const at = (<usize>j) << 2;
      let s0 = f.start<v128>();
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let row = x + at;
      for (let l = 0; l < length; l++, row += stride) {
        s0 = f.fold<v128>(s0, v128.load(row), v128.load(p + at));
        s1 = f.fold<v128>(s1, v128.load(row, 16), v128.load(p + at, 16));
        s2 = f.fold<v128>(s2, v128.load(row, 32), v128.load(p + at, 32));
        s3 = f.fold<v128>(s3, v128.load(row, 48), v128.load(p + at, 48));
      }
      v128.store(dst + at, s0);
      v128.store(dst + at, s1, 16);
      v128.store(dst + at, s2, 32);
      v128.store(dst + at, s3, 48);
    }
    for (; j <= n - 4; j += 4) foldColumn<F, v128>(dst, x, p, length, n, j);
  }
  for (; j < n; j++) foldColumn<F, f32>(dst, x, p, length, n, j);
}

/** The columns from j on that fit in a T. */
function foldColumn<F, T>(dst: usize, x: usize, p: usize, length: i32, n: i32, j: i32): void {
  const f = changetype<F>(0);
  const at = (<usize>j) << 2;
  const stride = (<usize>n) << 2;
  const parameter = read<T>(p + at);
  let folded = f.start<T>();
  for (let l = 0, row = x + at; l < length; l++, row += stride) {
    folded = f.fold<T>(folded, read<T>(row), parameter);
  }
  write<T>(dst + at, folded);
}

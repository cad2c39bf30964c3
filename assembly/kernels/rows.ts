/**
 * Loops over rows of n floats that may stand anywhere in a larger buffer: nothing past the row is written.
 * Each element is one chain of operations, so both builds give the same bits.
 */

/** dst[j] += x[j], j < n. */
export function rowAdd(dst: usize, x: usize, n: i32): void {
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; dst + 16 <= end; dst += 16, x += 16) {
      v128.store(dst, f32x4.add(v128.load(dst), v128.load(x)));
    }
  }
  for (; dst < end; dst += 4, x += 4) store<f32>(dst, load<f32>(dst) + load<f32>(x));
}

/** dst[j] += x[j] * scale, j < n. */
export function rowAddScaled(dst: usize, x: usize, n: i32, scale: f32): void {
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const scales = f32x4.splat(scale);
    for (; dst + 16 <= end; dst += 16, x += 16) {
      v128.store(dst, f32x4.add(v128.load(dst), f32x4.mul(v128.load(x), scales)));
    }
  }
  for (; dst < end; dst += 4, x += 4) store<f32>(dst, load<f32>(dst) + load<f32>(x) * scale);
}

/** dst[j] *= scale, j < n. */
export function rowScale(dst: usize, n: i32, scale: f32): void {
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const scales = f32x4.splat(scale);
    for (; dst + 16 <= end; dst += 16) v128.store(dst, f32x4.mul(v128.load(dst), scales));
  }
  for (; dst < end; dst += 4) store<f32>(dst, load<f32>(dst) * scale);
}

/** dst[j] += the sum of column j of x[rows, n], row by row in ascending order. */
export function addColumnSums(dst: usize, x: usize, rows: i32, n: i32): void {
  const step = (<usize>n) << 2;
  for (let row = 0; row < rows; row++, x += step) rowAdd(dst, x, n);
}

/** dz[i] = dy[i] where y[i] > 0, else 0, i < n: what a fused relu lets through. Whole vectors: may write past n. */
export function passWherePositive(dz: usize, dy: usize, y: usize, n: i32): void {
  const end = dz + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; dz < end; dz += 16, dy += 16, y += 16) {
      v128.store(dz, v128.and(v128.load(dy), f32x4.gt(v128.load(y), f32x4.splat(0))));
    }
  } else {
    for (; dz < end; dz += 4, dy += 4, y += 4) {
      store<f32>(dz, load<f32>(y) > 0 ? load<f32>(dy) : 0);
    }
  }
}

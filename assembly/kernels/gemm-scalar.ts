// The matrix product without vectors: the fallback, and the oracle of the vector kernels' tests.

/** Same contract and, element by element, the same additions in the same order as the SIMD path. */
export function gemmScalar(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  lda: i32,
  ldb: i32,
  ldc: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
  bias: usize,
  activation: i32,
): void {
  const aStep: usize = transA ? (<usize>lda) << 2 : 4;
  const bStep: usize = transB ? 4 : (<usize>ldb) << 2;
  for (let i = 0; i < m; i++) {
    const aRow = a + ((<usize>(i * (transA ? 1 : lda))) << 2);
    const cRow = c + ((<usize>(i * ldc)) << 2);
    for (let j = 0; j < n; j++) {
      const at = cRow + ((<usize>j) << 2);
      let sum: f32 = accumulate ? load<f32>(at) : 0;
      let ap = aRow;
      let bp = b + ((<usize>(j * (transB ? ldb : 1))) << 2);
      for (let p = 0; p < k; p++) {
        sum = load<f32>(ap) * load<f32>(bp) + sum;
        ap += aStep;
        bp += bStep;
      }
      if (bias != 0) sum += load<f32>(bias + ((<usize>j) << 2));
      if (activation == 1) sum = max<f32>(sum, 0);
      store<f32>(at, sum);
    }
  }
}

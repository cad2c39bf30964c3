/** The matrix product of dense operands, as the ops call it: scratch comes from the arena and goes back to it. */

/** Values of `activation`. */
export const NO_ACTIVATION: i32 = 0;
export const RELU_ACTIVATION: i32 = 1;

/**
 * c[m, n] = (accumulate ? c : 0) + op(a)[m, k] op(b)[k, n], then + bias[n] (unless 0) and the activation, which stand
 * only without `accumulate`. Each element adds its products over k in ascending order. Nothing may alias c.
 */
export function product(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
  bias: usize,
  activation: i32,
): void {
  const aStep: usize = transA ? (<usize>m) << 2 : 4;
  const bStep: usize = transB ? 4 : (<usize>n) << 2;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = c + ((<usize>(i * n + j)) << 2);
      let ap = a + ((<usize>(transA ? i : i * k)) << 2);
      let bp = b + ((<usize>(transB ? j * k : j)) << 2);
      let sum: f32 = accumulate ? load<f32>(at) : 0;
      for (let p = 0; p < k; p++) {
        sum = load<f32>(ap) * load<f32>(bp) + sum;
        ap += aStep;
        bp += bStep;
      }
      if (bias != 0) sum += load<f32>(bias + ((<usize>j) << 2));
      if (activation == RELU_ACTIVATION) sum = max<f32>(sum, 0);
      store<f32>(at, sum);
    }
  }
}

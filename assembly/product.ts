/** The matrix product of dense operands, as the ops call it: scratch comes from the arena and goes back to it. */
import { f32_gemm, f32_gemm_scratch_bytes } from "./kernels/gemm";
import { allocArena, Mark, pushMark, rewind } from "./memory";

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
  const mark = pushMark<Mark>();
  const scratch = allocArena(f32_gemm_scratch_bytes());
  const lda = transA ? m : k;
  const ldb = transB ? k : n;
  f32_gemm(c, a, b, m, n, k, lda, ldb, n, transA, transB, accumulate, bias, activation, scratch);
  rewind(mark);
}

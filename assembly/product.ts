/** Matrix products of dense operands, as the ops call them: scratch comes from the arena and goes back to it. */
import { f32_gemm, f32_gemm_batched, f32_gemm_scratch_bytes } from "./kernels/gemm";
import { allocArena, Mark, pushMark, rewind } from "./memory";
import { countOperations } from "./operations";

/** Values of `activation`. */
export const NO_ACTIVATION: i32 = 0;
export const RELU_ACTIVATION: i32 = 1;

/**
 * c[m, n] = op(a)[m, k] op(b)[k, n], then + bias[n] (unless 0) and the activation; or c += op(a) op(b).
 * Each element adds its products over k in ascending order. Nothing may alias c.
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
  countOperations(2.0 * m * n * k);
  const mark = pushMark<Mark>();
  const scratch = allocArena(f32_gemm_scratch_bytes());
  const lda = transA ? m : k;
  const ldb = transB ? k : n;
  f32_gemm(c, a, b, m, n, k, lda, ldb, n, transA, transB, accumulate, bias, activation, scratch);
  rewind(mark);
}

/** `batch` such products; the strides are floats from one matrix to the next, 0 for one that all share. */
export function batchedProduct(
  c: usize,
  a: usize,
  b: usize,
  batch: i32,
  strideC: i32,
  strideA: i32,
  strideB: i32,
  m: i32,
  n: i32,
  k: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
): void {
  countOperations(2.0 * batch * m * n * k);
  const mark = pushMark<Mark>();
  const scratch = allocArena(f32_gemm_scratch_bytes());
  f32_gemm_batched(
    c,
    a,
    b,
    batch,
    strideC,
    strideA,
    strideB,
    m,
    n,
    k,
    transA ? m : k,
    transB ? k : n,
    n,
    transA,
    transB,
    accumulate,
    scratch,
  );
  rewind(mark);
}

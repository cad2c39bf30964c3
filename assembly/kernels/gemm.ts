// Matrix product: c = op(a) op(b), row-major, with fused bias row and relu.
//
// Loops, from the outside: blocks of a, packed once; blocks of columns; slices of k, whose packed block of b stays in the
// second level cache; tile rows, whose panel of a stays in the first; 8-column panels of b. Between slices of k the partial
// sums rest in c, so each element stays one ascending chain, on whichever thread.

import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { multiply } from "./gemm-block";
import { GemmJob, JOB_BYTES, SCRATCH_BYTES } from "./gemm-job";
import { gemmRow } from "./gemm-row";
import { gemmScalar } from "./gemm-scalar";

export { f32_gemm_scratch_bytes } from "./gemm-job";

/** The product on the calling thread, or on all if `share`; scratch of one thread, or of all. */
function gemm(
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
  scratch: usize,
  share: bool,
): void {
  if (accumulate) {
    bias = 0;
    activation = 0;
  }
  if (ASC_FEATURE_SIMD && m == 1 && k > 0) {
    const aStep: usize = transA ? (<usize>lda) << 2 : 4;
    gemmRow(c, a, b, n, k, aStep, (<usize>ldb) << 2, transB, accumulate, bias, activation);
  } else if (ASC_FEATURE_SIMD && m > 0 && k > 0 && n > 0) {
    const job = changetype<GemmJob>(scratch);
    job.c = c;
    job.a = a;
    job.b = b;
    job.m = m;
    job.n = n;
    job.k = k;
    job.lda = (<usize>lda) << 2;
    job.ldb = (<usize>ldb) << 2;
    job.ldc = (<usize>ldc) << 2;
    job.transA = transA;
    job.transB = transB;
    job.accumulate = accumulate;
    job.bias = bias;
    job.activation = activation;
    multiply(job, share);
  } else {
    // With vectors, of k = 0: the constant lets the compiler drop the sums.
    const depth = ASC_FEATURE_SIMD ? 0 : k;
    gemmScalar(c, a, b, m, n, depth, lda, ldb, ldc, transA, transB, accumulate, bias, activation);
  }
}

/**
 * c[m, n] = (accumulate ? c : 0) + op(a)[m, k] op(b)[k, n]; without `accumulate` then + bias and relu.
 *
 * Each element adds its k products in ascending order, starting from 0 or from c. Nothing may alias c.
 *
 * @param a - [m, k], or [k, m] if `transA`
 * @param b - [k, n], or [n, k] if `transB`
 * @param lda - floats from one stored row of a to the next; so ldb, ldc
 * @param bias - n floats, or 0 for none; read only without `accumulate`
 * @param activation - 0 none, 1 relu; applied only without `accumulate`
 * @param scratch - `f32_gemm_scratch_bytes()` bytes, 16-byte aligned
 */
export function f32_gemm(
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
  scratch: usize,
): void {
  const share = worthSharing(2.0 * m * n * k);
  gemm(
    c,
    a,
    b,
    m,
    n,
    k,
    lda,
    ldb,
    ldc,
    transA,
    transB,
    accumulate,
    bias,
    activation,
    scratch,
    share,
  );
}

/** What the threads read of a batch of products at work; lies in front of the scratch. */
@unmanaged
class BatchJob {
  c: usize;
  a: usize;
  b: usize;
  batch: i32;
  /** Bytes from one matrix to the next. */
  strideC: usize;
  strideA: usize;
  strideB: usize;
  m: i32;
  n: i32;
  k: i32;
  lda: i32;
  ldb: i32;
  ldc: i32;
  transA: bool;
  transB: bool;
  accumulate: bool;
  items: i32;
}

function batchItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<BatchJob>(args);
  const scratch = args + JOB_BYTES + SCRATCH_BYTES * thread;
  const end = itemStart(job.batch, item + 1, job.items);
  for (let i = itemStart(job.batch, item, job.items); i < end; i++) {
    gemm(
      job.c + job.strideC * i,
      job.a + job.strideA * i,
      job.b + job.strideB * i,
      job.m,
      job.n,
      job.k,
      job.lda,
      job.ldb,
      job.ldc,
      job.transA,
      job.transB,
      job.accumulate,
      0,
      0,
      scratch,
      false,
    );
  }
}

/** `batch` products with dense rows; the strides are floats from one matrix to the next, 0 to share one. */
export function f32_gemm_batched(
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
  lda: i32,
  ldb: i32,
  ldc: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
  scratch: usize,
): void {
  // A result that all share is added to in order, so that its bits are the same for any number of threads.
  const apart = strideC != 0 && batch > threadCount();
  if (ASC_FEATURE_THREADS && apart && worthSharing(2.0 * batch * m * n * k)) {
    const job = changetype<BatchJob>(scratch);
    job.c = c;
    job.a = a;
    job.b = b;
    job.batch = batch;
    job.strideC = (<usize>strideC) << 2;
    job.strideA = (<usize>strideA) << 2;
    job.strideB = (<usize>strideB) << 2;
    job.m = m;
    job.n = n;
    job.k = k;
    job.lda = lda;
    job.ldb = ldb;
    job.ldc = ldc;
    job.transA = transA;
    job.transB = transB;
    job.accumulate = accumulate;
    job.items = itemCount(batch);
    parallelFor(batchItem.index, scratch, job.items);
    return;
  }
  for (let i = 0; i < batch; i++) {
    f32_gemm(c, a, b, m, n, k, lda, ldb, ldc, transA, transB, accumulate, 0, 0, scratch);
    c += (<usize>strideC) << 2;
    a += (<usize>strideA) << 2;
    b += (<usize>strideB) << 2;
  }
}

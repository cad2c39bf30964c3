// One row times a matrix, as when a single sample is classified: nothing is packed, as nothing would be read twice.
//
// Each sum waits for its last addition, so many columns go side by side.

import { madd } from "../simd";
import { finishRow } from "./gemm-store";

/**
 * c[0..columns] += a[0..4] b[0..4, 0..columns], `columns` a multiple of 4. Four rows of b are read from end to end, as the
 * processor fetches ahead; with few columns at a time and sums in registers it would jump from row to row.
 */
function steps4(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, columns: i32): void {
  const s0 = v128.load32_splat(a);
  a += aStep;
  const s1 = v128.load32_splat(a);
  a += aStep;
  const s2 = v128.load32_splat(a);
  a += aStep;
  const s3 = v128.load32_splat(a);
  const end = c + ((<usize>columns) << 2);
  for (; c < end; c += 16, b += 16) {
    let at = b;
    let sum = madd(s0, v128.load(at), v128.load(c));
    at += bStep;
    sum = madd(s1, v128.load(at), sum);
    at += bStep;
    sum = madd(s2, v128.load(at), sum);
    at += bStep;
    sum = madd(s3, v128.load(at), sum);
    v128.store(c, sum);
  }
}

/** Bytes of b from which on it is fetched ahead: in the second level cache that would cost a tenth. */
const LARGE: usize = 512 * 1024;
/** Bytes of the rows of such a b: in longer ones the processor is in time, of shorter ones it has the next at hand. */
const SHORTEST: usize = 512;
const LONGEST: usize = 2048;

/** What was fetched last: a load whose value nothing takes is left out. */
export let fetched: i32 = 0;

/**
 * {@link steps4} for every four steps of k, of a large b; `columns` a multiple of 8. The processor fetches four rows
 * that end soon too late: meanwhile the next four are read, a line for each four columns.
 */
function farSteps(
  c: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  columns: i32,
  k: i32,
): void {
  const end = c + ((<usize>columns) << 2);
  let seen = 0;
  for (; k >= 4; k -= 4) {
    const s0 = v128.load32_splat(a);
    a += aStep;
    const s1 = v128.load32_splat(a);
    a += aStep;
    const s2 = v128.load32_splat(a);
    a += aStep;
    const s3 = v128.load32_splat(a);
    a += aStep;
    const rows = bStep << 2;
    let next = k >= 8 ? b + rows : b;
    let b0 = b;
    for (let to = c; to < end; to += 32, b0 += 32, next += 128) {
      const b1 = b0 + bStep;
      const b2 = b1 + bStep;
      const b3 = b2 + bStep;
      seen = load<i32>(next);
      let sum = madd(s0, v128.load(b0), v128.load(to));
      sum = madd(s1, v128.load(b1), sum);
      sum = madd(s2, v128.load(b2), sum);
      sum = madd(s3, v128.load(b3), sum);
      v128.store(to, sum);
      seen = load<i32>(next, 64);
      sum = madd(s0, v128.load(b0, 16), v128.load(to, 16));
      sum = madd(s1, v128.load(b1, 16), sum);
      sum = madd(s2, v128.load(b2, 16), sum);
      sum = madd(s3, v128.load(b3, 16), sum);
      v128.store(to, sum, 16);
    }
    b += rows;
  }
  fetched = seen;
}

/** c[0..columns] += a[0] b[0, 0..columns]: one of the last steps. */
function step1(c: usize, a: usize, b: usize, columns: i32): void {
  const s = v128.load32_splat(a);
  const end = c + ((<usize>columns) << 2);
  for (; c < end; c += 16, b += 16) v128.store(c, madd(s, v128.load(b), v128.load(c)));
}

function row1(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32): void {
  let sum = v128.load32_splat(c);
  do {
    sum = madd(v128.load32_splat(a), v128.load32_splat(b), sum);
    a += aStep;
    b += bStep;
  } while (--k);
  store<f32>(c, f32x4.extract_lane(sum, 0));
}

/** Adds 4 steps of k to the sums of 4 rows of b, turned so that each sum stays in its lane. */
function turned(sum: v128, a: usize, aStep: usize, b: usize, ldb: usize): v128 {
  const r0 = v128.load(b);
  b += ldb;
  const r1 = v128.load(b);
  b += ldb;
  const r2 = v128.load(b);
  b += ldb;
  const r3 = v128.load(b);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  sum = madd(v128.load32_splat(a), i64x2.shuffle(low01, low23, 0, 2), sum);
  a += aStep;
  sum = madd(v128.load32_splat(a), i64x2.shuffle(low01, low23, 1, 3), sum);
  a += aStep;
  sum = madd(v128.load32_splat(a), i64x2.shuffle(high01, high23, 0, 2), sum);
  a += aStep;
  return madd(v128.load32_splat(a), i64x2.shuffle(high01, high23, 1, 3), sum);
}

/** c[0..8] += a[k] b[0..8, k]. */
function turned8(c: usize, a: usize, aStep: usize, b: usize, ldb: usize, k: i32): void {
  const quad = ldb << 2;
  let c0 = v128.load(c);
  let c1 = v128.load(c, 16);
  let left = k;
  let p: usize = 0;
  for (; left >= 4; left -= 4) {
    const from = b + p;
    c0 = turned(c0, a, aStep, from, ldb);
    c1 = turned(c1, a, aStep, from + quad, ldb);
    a += aStep << 2;
    p += 16;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  if (left == 0) return;
  for (let i = 0; i < 8; i++) {
    row1(c, a, aStep, b + p, 4, left);
    c += 4;
    b += ldb;
  }
}

/** The product of `f32_gemm` for m = 1 and k > 0; steps in bytes, `aStep` along k. */
export function gemmRow(
  c: usize,
  a: usize,
  b: usize,
  n: i32,
  k: i32,
  aStep: usize,
  ldb: usize,
  transB: bool,
  accumulate: bool,
  bias: usize,
  activation: i32,
): void {
  if (!accumulate) memory.fill(c, 0, (<usize>n) << 2);
  const bStep: usize = transB ? 4 : ldb;
  const columnStep: usize = transB ? ldb : 4;
  let j = 0;
  if (transB) {
    for (; j + 8 <= n; j += 8) {
      turned8(c + ((<usize>j) << 2), a, aStep, b + <usize>j * ldb, ldb, k);
    }
  } else {
    const columns = n & ~3;
    let aAt = a;
    let bAt = b;
    let left = k;
    let far = 0;
    if (ldb * k >= LARGE && ldb >= SHORTEST && ldb <= LONGEST) {
      far = columns & ~7;
      farSteps(c, a, aStep, b, ldb, far, k);
    }
    const farBytes = (<usize>far) << 2;
    for (; left >= 4; left -= 4) {
      steps4(c + farBytes, aAt, aStep, bAt + farBytes, ldb, columns - far);
      aAt += aStep << 2;
      bAt += ldb << 2;
    }
    for (; left > 0; left--) {
      step1(c, aAt, bAt, columns);
      aAt += aStep;
      bAt += ldb;
    }
    j = columns;
  }
  for (; j < n; j++) {
    row1(c + ((<usize>j) << 2), a, aStep, b + <usize>j * columnStep, bStep, k);
  }
  if (bias != 0 || activation != 0) finishRow(c, n, bias, activation);
}

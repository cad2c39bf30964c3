// One row times a matrix, as when a single sample is classified: nothing is packed, as nothing would be read twice.
//
// Each sum waits for its last addition, so many columns go side by side.

import { madd } from "../simd";

/** c[0..32] += a[k] b[k, 0..32], where c holds the sums so far. */
function row32(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32): void {
  let c0 = v128.load(c);
  let c1 = v128.load(c, 16);
  let c2 = v128.load(c, 32);
  let c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64);
  let c5 = v128.load(c, 80);
  let c6 = v128.load(c, 96);
  let c7 = v128.load(c, 112);
  do {
    const s = v128.load32_splat(a);
    c0 = madd(s, v128.load(b), c0);
    c1 = madd(s, v128.load(b, 16), c1);
    c2 = madd(s, v128.load(b, 32), c2);
    c3 = madd(s, v128.load(b, 48), c3);
    c4 = madd(s, v128.load(b, 64), c4);
    c5 = madd(s, v128.load(b, 80), c5);
    c6 = madd(s, v128.load(b, 96), c6);
    c7 = madd(s, v128.load(b, 112), c7);
    a += aStep;
    b += bStep;
  } while (--k);
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}

function row4(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32): void {
  let sum = v128.load(c);
  do {
    sum = madd(v128.load32_splat(a), v128.load(b), sum);
    a += aStep;
    b += bStep;
  } while (--k);
  v128.store(c, sum);
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

/** c[0..16] += a[k] b[0..16, k]. */
function turned16(c: usize, a: usize, aStep: usize, b: usize, ldb: usize, k: i32): void {
  const quad = ldb << 2;
  let c0 = v128.load(c);
  let c1 = v128.load(c, 16);
  let c2 = v128.load(c, 32);
  let c3 = v128.load(c, 48);
  let left = k;
  let p: usize = 0;
  for (; left >= 4; left -= 4) {
    let from = b + p;
    c0 = turned(c0, a, aStep, from, ldb);
    from += quad;
    c1 = turned(c1, a, aStep, from, ldb);
    from += quad;
    c2 = turned(c2, a, aStep, from, ldb);
    from += quad;
    c3 = turned(c3, a, aStep, from, ldb);
    a += aStep << 2;
    p += 16;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  if (left == 0) return;
  for (let i = 0; i < 16; i++) {
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
    for (; j + 16 <= n; j += 16) {
      turned16(c + ((<usize>j) << 2), a, aStep, b + <usize>j * ldb, ldb, k);
    }
  } else {
    for (; j + 32 <= n; j += 32) {
      row32(c + ((<usize>j) << 2), a, aStep, b + ((<usize>j) << 2), ldb, k);
    }
    for (; j + 4 <= n; j += 4) {
      row4(c + ((<usize>j) << 2), a, aStep, b + ((<usize>j) << 2), ldb, k);
    }
  }
  for (; j < n; j++) {
    row1(c + ((<usize>j) << 2), a, aStep, b + <usize>j * columnStep, bStep, k);
  }
  if (bias == 0 && activation == 0) return;
  for (j = 0; j < n; j++) {
    const at = c + ((<usize>j) << 2);
    let value = load<f32>(at);
    if (bias != 0) value += load<f32>(bias + ((<usize>j) << 2));
    if (activation == 1) value = max<f32>(value, 0);
    store<f32>(at, value);
  }
}

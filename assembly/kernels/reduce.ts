/**
 * Reductions of one row of contiguous f32, shared by every op that adds up or compares.
 *
 * Order of addition, the same in both builds and on every path: term i goes to accumulator i mod 16; the sixteen are
 * then added in halves (j and j + 8, j and j + 4, j and j + 2, j and j + 1). The result depends on the terms and n
 * alone, never on an address. A row may lie inside a larger buffer: nothing past its end counts.
 *
 * A term is a functor: `term<T>(a, b, c, p)` reads what it needs at the addresses of up to three rows; the parameter p
 * is the same for the whole row.
 */
import { max, mul, read, sub } from "../lanes";
import { Exp } from "../math";

/** Accumulators of the scalar build. */
const LANES = memory.data(64, 16);

/** Sum of F's terms over n elements of the rows; pass any address for a row that F does not read. */
export function sumOf<F>(a: usize, b: usize, c: usize, p: f32, n: i32): f32 {
  const f = changetype<F>(0);
  if (ASC_FEATURE_SIMD) {
    const parameter = f32x4.splat(p);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let i = n;
    for (; i >= 16; i -= 16, a += 64, b += 64, c += 64) {
      s0 = f32x4.add(s0, f.term<v128>(a, b, c, parameter));
      s1 = f32x4.add(s1, f.term<v128>(a + 16, b + 16, c + 16, parameter));
      s2 = f32x4.add(s2, f.term<v128>(a + 32, b + 32, c + 32, parameter));
      s3 = f32x4.add(s3, f.term<v128>(a + 48, b + 48, c + 48, parameter));
    }
    // At most four vectors are left, the last of them cut off: they go to s0, s1, s2, s3 in turn.
    for (let turn = 0; i > 0; i -= 4, a += 16, b += 16, c += 16, turn++) {
      const term = v128.and(f.term<v128>(a, b, c, parameter), firstLanes(i));
      if (turn == 0) s0 = f32x4.add(s0, term);
      else if (turn == 1) s1 = f32x4.add(s1, term);
      else if (turn == 2) s2 = f32x4.add(s2, term);
      else s3 = f32x4.add(s3, term);
    }
    return addLanes(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
  } else {
    memory.fill(LANES, 0, 64);
    for (let i = 0; i < n; i++) {
      const at = (<usize>i) << 2;
      const lane = LANES + ((<usize>(i & 15)) << 2);
      store<f32>(lane, load<f32>(lane) + f.term<f32>(a + at, b + at, c + at, p));
    }
    for (let half: usize = 32; half >= 4; half >>= 1) {
      for (let lane = LANES; lane < LANES + half; lane += 4) {
        store<f32>(lane, load<f32>(lane) + load<f32>(lane + half));
      }
    }
    return load<f32>(LANES);
  }
}

/** As sumOf, bit for bit, in a quarter of the code and slower: for functors of many ops that seldom sum. */
export function briefSumOf<F>(a: usize, b: usize, c: usize, p: f32, n: i32): f32 {
  if (!ASC_FEATURE_SIMD) return sumOf<F>(a, b, c, p, n);
  const f = changetype<F>(0);
  const parameter = f32x4.splat(p);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  // The accumulators go round, until each is back in its place.
  for (let i = n; i > 0 || ((n - i) & 12) != 0; i -= 4, a += 16, b += 16, c += 16) {
    let sum = s0;
    if (i > 0) {
      sum = f32x4.add(sum, v128.and(f.term<v128>(a, b, c, parameter), firstLanes(i)));
    }
    s0 = s1;
    s1 = s2;
    s2 = s3;
    s3 = sum;
  }
  return addLanes(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
}

/** All bits of the first i lanes (all four if i >= 4). */
function firstLanes(i: i32): v128 {
  return i32x4.gt_s(i32x4.splat(i), i32x4(0, 1, 2, 3));
}

/** Lanes 0 and 2, 1 and 3, then the two. */
function addLanes(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

@unmanaged
class Value {
  term<T>(a: usize, _b: usize, _c: usize, _p: T): T {
    return read<T>(a);
  }
}

/** Sum of x[i]. */
export function sumRow(x: usize, n: i32): f32 {
  return sumOf<Value>(x, x, x, 0, n);
}

@unmanaged
class Product {
  term<T>(a: usize, b: usize, _c: usize, _p: T): T {
    return mul<T>(read<T>(a), read<T>(b));
  }
}

/** Sum of a[i] b[i]. */
export function dotRow(a: usize, b: usize, n: i32): f32 {
  return sumOf<Product>(a, b, a, 0, n);
}

@unmanaged
class SquaredDeviation {
  term<T>(a: usize, _b: usize, _c: usize, p: T): T {
    const d = sub<T>(read<T>(a), p);
    return mul<T>(d, d);
  }
}

/** Sum of (x[i] - mean)^2. */
export function sumSquaresRow(x: usize, mean: f32, n: i32): f32 {
  return sumOf<SquaredDeviation>(x, x, x, mean, n);
}

@unmanaged
class ShiftedExp {
  term<T>(a: usize, _b: usize, _c: usize, p: T): T {
    return Exp.of<T>(sub<T>(read<T>(a), p));
  }
}

/** Sum of exp(x[i] - shift). */
export function sumExpRow(x: usize, shift: f32, n: i32): f32 {
  return sumOf<ShiftedExp>(x, x, x, shift, n);
}

/** Greatest x[i]; -infinity of none, NaN if one is NaN, never -0. */
export function maxRow(x: usize, n: i32): f32 {
  let greatest: f32 = -Infinity;
  if (ASC_FEATURE_SIMD) {
    // pmax is one instruction where max takes many, but it passes over NaN.
    let m0 = f32x4.splat(-Infinity);
    let m1 = m0;
    let nan = i32x4.splat(0);
    for (; n >= 8; n -= 8, x += 32) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      m0 = f32x4.pmax(m0, x0);
      m1 = f32x4.pmax(m1, x1);
      nan = v128.or(nan, v128.or(f32x4.ne(x0, x0), f32x4.ne(x1, x1)));
    }
    if (v128.any_true(nan)) return NaN;
    const m = f32x4.pmax(m0, m1);
    const pairs = f32x4.pmax(m, v128.shuffle<i32>(m, m, 2, 3, 0, 1));
    greatest = max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  }
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += 4) greatest = max<f32>(greatest, load<f32>(x));
  return greatest + 0;
}

/** Symmetric d x d matrices in f64 that grow or shrink by outer products, and what they do to the rows of a matrix. */
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { cholesky, choleskySolve } from "./cholesky";
import { axpy64, demote, dot64, promote } from "./dot";

/**
 * p <- (p^-1 + weight r r')^-1 (Sherman and Morrison): p - g g' with g = sqrt(weight / (1 + weight r' p r)) p r.
 *
 * @param p f64 [d, d], symmetric; stays so to the last bit, since g_i g_j = g_j g_i
 * @param r f32 [d]
 * @param weight >= 0
 */
export function shermanMorrison(p: usize, r: usize, d: i32, weight: f64): void {
  const mark = pushMark<Mark>();
  const stride = (<usize>d) << 3;
  const vector = allocArena(stride);
  const g = allocArena(stride);
  promote(vector, r, d);
  for (let i: usize = 0; i < <usize>d; i++) {
    store<f64>(g + (i << 3), dot64(p + i * stride, vector, d));
  }
  // Rounding may take r' p r a little below zero where p has almost nothing left.
  const along = max<f64>(0, dot64(g, vector, d));
  const scale = sqrt(weight / (1 + weight * along));
  for (let i: usize = 0; i < <usize>d; i++) {
    store<f64>(g + (i << 3), scale * load<f64>(g + (i << 3)));
  }
  for (let i: usize = 0; i < <usize>d; i++) {
    axpy64(p + i * stride, g, d, -load<f64>(g + (i << 3)));
  }
  rewind(mark);
}

/**
 * m <- keep m + ridge I + weight r r'.
 *
 * @param m f64 [d, d], symmetric; stays so to the last bit
 * @param r f32 [d]
 * @param weight >= 0
 */
export function outerUpdate(m: usize, r: usize, d: i32, keep: f64, ridge: f64, weight: f64): void {
  const mark = pushMark<Mark>();
  const stride = (<usize>d) << 3;
  const g = allocArena(stride);
  const scale = sqrt(weight);
  promote(g, r, d);
  for (let i: usize = 0; i < <usize>d; i++) {
    store<f64>(g + (i << 3), scale * load<f64>(g + (i << 3)));
  }
  for (let i: usize = 0; i < <usize>d; i++) {
    const row = m + i * stride;
    for (let j: usize = 0; j < stride; j += 8) store<f64>(row + j, keep * load<f64>(row + j));
    store<f64>(row + (i << 3), load<f64>(row + (i << 3)) + ridge);
    axpy64(row, g, d, load<f64>(g + (i << 3)));
  }
  rewind(mark);
}

/**
 * u <- u p', each sum in f64: for a symmetric p as well u p.
 *
 * @param u f32 [rows, d]
 * @param p f64 [d, d]
 */
export function rightMultiply(u: usize, rows: i32, d: i32, p: usize): void {
  const mark = pushMark<Mark>();
  const stride = (<usize>d) << 3;
  const even = (rows + 1) & ~1;
  const wide = allocArena(<usize>even * stride);
  promote(wide, u, rows * d);
  if (even != rows) memory.fill(wide + <usize>rows * stride, 0, stride);
  const dots = allocArena(32);
  for (let j = 0; j < d; j += 2) {
    const last = j + 1 == d;
    const p0 = p + <usize>j * stride;
    const p1 = last ? p0 : p0 + stride;
    for (let row = 0; row < even; row += 2) {
      const u0 = wide + <usize>row * stride;
      dots2x2(dots, u0, u0 + stride, p0, p1, d);
      const at = u + ((<usize>(row * d + j)) << 2);
      const below = at + ((<usize>d) << 2);
      store<f32>(at, <f32>load<f64>(dots));
      if (!last) store<f32>(at, <f32>load<f64>(dots, 8), 4);
      if (row + 1 == rows) continue;
      store<f32>(below, <f32>load<f64>(dots, 16));
      if (!last) store<f32>(below, <f32>load<f64>(dots, 24), 4);
    }
  }
  rewind(mark);
}

/** out = [a0 b0, a0 b1, a1 b0, a1 b1], inner products over n f64; even and odd positions summed apart, then added. */
function dots2x2(out: usize, a0: usize, a1: usize, b0: usize, b1: usize, n: i32): void {
  const end = a0 + ((<usize>(n & ~1)) << 3);
  if (ASC_FEATURE_SIMD) {
    let s00 = f64x2.splat(0);
    let s01 = f64x2.splat(0);
    let s10 = f64x2.splat(0);
    let s11 = f64x2.splat(0);
    for (; a0 < end; a0 += 16, a1 += 16, b0 += 16, b1 += 16) {
      const x0 = v128.load(a0);
      const x1 = v128.load(a1);
      const y0 = v128.load(b0);
      const y1 = v128.load(b1);
      s00 = f64x2.add(s00, f64x2.mul(x0, y0));
      s01 = f64x2.add(s01, f64x2.mul(x0, y1));
      s10 = f64x2.add(s10, f64x2.mul(x1, y0));
      s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    }
    store<f64>(out, f64x2.extract_lane(s00, 0) + f64x2.extract_lane(s00, 1));
    store<f64>(out, f64x2.extract_lane(s01, 0) + f64x2.extract_lane(s01, 1), 8);
    store<f64>(out, f64x2.extract_lane(s10, 0) + f64x2.extract_lane(s10, 1), 16);
    store<f64>(out, f64x2.extract_lane(s11, 0) + f64x2.extract_lane(s11, 1), 24);
  } else {
    store<f64>(out, pairSum(a0, b0, end));
    store<f64>(out, pairSum(a0, b1, end), 8);
    store<f64>(out, pairSum(a1, b0, a1 + (end - a0)), 16);
    store<f64>(out, pairSum(a1, b1, a1 + (end - a0)), 24);
    const bytes = end - a0;
    a0 += bytes;
    a1 += bytes;
    b0 += bytes;
    b1 += bytes;
  }
  if ((n & 1) == 0) return;
  store<f64>(out, load<f64>(out) + load<f64>(a0) * load<f64>(b0));
  store<f64>(out, load<f64>(out, 8) + load<f64>(a0) * load<f64>(b1), 8);
  store<f64>(out, load<f64>(out, 16) + load<f64>(a1) * load<f64>(b0), 16);
  store<f64>(out, load<f64>(out, 24) + load<f64>(a1) * load<f64>(b1), 24);
}

function pairSum(a: usize, b: usize, end: usize): f64 {
  let even: f64 = 0;
  let odd: f64 = 0;
  for (; a < end; a += 16, b += 16) {
    even += load<f64>(a) * load<f64>(b);
    odd += load<f64>(a, 8) * load<f64>(b, 8);
  }
  return even + odd;
}

/**
 * u <- u m^-1 through a Cholesky factor, all in f64.
 *
 * @param u f32 [rows, d]
 * @param m f64 [d, d], symmetric, m - floor I positive semidefinite; unchanged
 */
export function rightSolve(u: usize, rows: i32, d: i32, m: usize, floor: f64): void {
  const mark = pushMark<Mark>();
  const stride = (<usize>d) << 3;
  const factor = allocArena(<usize>d * stride);
  const floors = allocArena(stride);
  const x = allocArena(stride);
  memory.copy(factor, m, <usize>d * stride);
  for (let j: usize = 0; j < stride; j += 8) store<f64>(floors + j, floor);
  cholesky(factor, d, floors);
  for (let row = 0; row < rows; row++) {
    const values = u + ((<usize>(row * d)) << 2);
    promote(x, values, d);
    choleskySolve(factor, x, d);
    demote(values, x, d);
  }
  rewind(mark);
}

// Register tiles of the matrix product: R rows x 8 columns held in registers over the whole of k.
//
// Each output element is one chain over k in ascending order, so the bits do not depend on which
// tile computed it. Rows and operand layout are types: each combination is compiled into its own
// straight code.

import { madd } from "../simd";
import { InPlace, Packed, Rows1, Rows2, Rows3, Rows4 } from "./gemm-types";

/** Rows of the largest tile: 4 x 8 is the largest that V8 keeps in registers on every Node. */
export const TILE_ROWS: i32 = 4;
/** Columns of every tile: two vectors. */
export const TILE_COLUMNS: i32 = 8;
/** Bytes of one row of a packed panel of b and of a tile buffer. */
export const TILE_ROW_BYTES: usize = (<usize>TILE_COLUMNS) << 2;

/** Rows of the next tile: the last two tiles share what is left evenly. */
export function nextRows(left: i32): i32 {
  if (left <= TILE_ROWS) return left;
  return left < 2 * TILE_ROWS ? (left + 1) >> 1 : TILE_ROWS;
}

function tilesOf<R, A>(
  tiles: i32,
  c: usize,
  cStep: usize,
  a: usize,
  rowStep: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bNext: usize,
  k: i32,
  resume: bool,
  zeros: usize,
): void {
  const rows = changetype<R>(0).count();
  // Splats come from memory: V8 recomputes a splatted register value at every use.
  const reader = changetype<A>(0);
  const fromStep = resume ? cStep : 0;
  let low: v128;
  let high: v128;
  do {
    let from = resume ? c : zeros;
    let low0 = v128.load(from);
    let high0 = v128.load(from, 16);
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    if (rows > 1) {
      from += fromStep;
      low1 = v128.load(from);
      high1 = v128.load(from, 16);
    }
    if (rows > 2) {
      from += fromStep;
      low2 = v128.load(from);
      high2 = v128.load(from, 16);
    }
    if (rows > 3) {
      from += fromStep;
      low3 = v128.load(from);
      high3 = v128.load(from, 16);
    }
    let s0 = low0;
    let s1 = low0;
    let s2 = low0;
    let s3 = low0;
    let aAt = a;
    let bAt = b;
    let left = k;
    // The order of the loads is the fastest of those tried: V8 keeps it, and adds row by row whatever stands here
    // (decision 32). Four steps a round, each with its own way out. The exits save a remainder loop, and they are what
    // keeps the tile in registers: a sum used behind an exit must be finished before it, so V8 cannot gather the loads
    // of all four steps in front.
    while (true) {
      high = v128.load(bAt, 16);
      s0 = reader.row0(aAt);
      if (rows > 2) s2 = reader.row2(aAt, rowStep);
      if (rows > 1) s1 = reader.row1(aAt, rowStep);
      low = v128.load(bAt);
      if (rows > 3) s3 = reader.row3(aAt, rowStep);
      low0 = madd(s0, low, low0);
      high0 = madd(s0, high, high0);
      if (rows > 1) low1 = madd(s1, low, low1);
      if (rows > 1) high1 = madd(s1, high, high1);
      if (rows > 2) low2 = madd(s2, low, low2);
      if (rows > 2) high2 = madd(s2, high, high2);
      if (rows > 3) low3 = madd(s3, low, low3);
      if (rows > 3) high3 = madd(s3, high, high3);
      if (--left == 0) break;
      aAt += aStep;
      bAt += bStep;
      high = v128.load(bAt, 16);
      s0 = reader.row0(aAt);
      if (rows > 2) s2 = reader.row2(aAt, rowStep);
      if (rows > 1) s1 = reader.row1(aAt, rowStep);
      low = v128.load(bAt);
      if (rows > 3) s3 = reader.row3(aAt, rowStep);
      low0 = madd(s0, low, low0);
      high0 = madd(s0, high, high0);
      if (rows > 1) low1 = madd(s1, low, low1);
      if (rows > 1) high1 = madd(s1, high, high1);
      if (rows > 2) low2 = madd(s2, low, low2);
      if (rows > 2) high2 = madd(s2, high, high2);
      if (rows > 3) low3 = madd(s3, low, low3);
      if (rows > 3) high3 = madd(s3, high, high3);
      if (--left == 0) break;
      aAt += aStep;
      bAt += bStep;
      high = v128.load(bAt, 16);
      s0 = reader.row0(aAt);
      if (rows > 2) s2 = reader.row2(aAt, rowStep);
      if (rows > 1) s1 = reader.row1(aAt, rowStep);
      low = v128.load(bAt);
      if (rows > 3) s3 = reader.row3(aAt, rowStep);
      low0 = madd(s0, low, low0);
      high0 = madd(s0, high, high0);
      if (rows > 1) low1 = madd(s1, low, low1);
      if (rows > 1) high1 = madd(s1, high, high1);
      if (rows > 2) low2 = madd(s2, low, low2);
      if (rows > 2) high2 = madd(s2, high, high2);
      if (rows > 3) low3 = madd(s3, low, low3);
      if (rows > 3) high3 = madd(s3, high, high3);
      if (--left == 0) break;
      aAt += aStep;
      bAt += bStep;
      high = v128.load(bAt, 16);
      s0 = reader.row0(aAt);
      if (rows > 2) s2 = reader.row2(aAt, rowStep);
      if (rows > 1) s1 = reader.row1(aAt, rowStep);
      low = v128.load(bAt);
      if (rows > 3) s3 = reader.row3(aAt, rowStep);
      low0 = madd(s0, low, low0);
      high0 = madd(s0, high, high0);
      if (rows > 1) low1 = madd(s1, low, low1);
      if (rows > 1) high1 = madd(s1, high, high1);
      if (rows > 2) low2 = madd(s2, low, low2);
      if (rows > 2) high2 = madd(s2, high, high2);
      if (rows > 3) low3 = madd(s3, low, low3);
      if (rows > 3) high3 = madd(s3, high, high3);
      if (--left == 0) break;
      aAt += aStep;
      bAt += bStep;
    }
    let to = c;
    v128.store(to, low0);
    v128.store(to, high0, 16);
    if (rows > 1) {
      to += cStep;
      v128.store(to, low1);
      v128.store(to, high1, 16);
    }
    if (rows > 2) {
      to += cStep;
      v128.store(to, low2);
      v128.store(to, high2, 16);
    }
    if (rows > 3) {
      to += cStep;
      v128.store(to, low3);
      v128.store(to, high3, 16);
    }
    c += TILE_ROW_BYTES;
    b += bNext;
  } while (--tiles);
}

/** Two rows or more: of a single one, packed and in place are the same. */
function tilesWith<A>(
  tiles: i32,
  rows: i32,
  c: usize,
  cStep: usize,
  a: usize,
  rowStep: usize,
  step: usize,
  b: usize,
  bStep: usize,
  bNext: usize,
  k: i32,
  resume: bool,
  zeros: usize,
): void {
  if (rows == 4)
    tilesOf<Rows4, A>(tiles, c, cStep, a, rowStep, step, b, bStep, bNext, k, resume, zeros);
  else if (rows == 3)
    tilesOf<Rows3, A>(tiles, c, cStep, a, rowStep, step, b, bStep, bNext, k, resume, zeros);
  else tilesOf<Rows2, A>(tiles, c, cStep, a, rowStep, step, b, bStep, bNext, k, resume, zeros);
}

/**
 * Tiles side by side, a strip of c: c[r, 0..8] = (resume ? c[r, 0..8] : 0) + sum over p of a[r, p] * b[p, 0..8], and so on
 * with the next eight columns. A call for each tile would cost a tenth of a short one.
 *
 * Nothing but loads stands before the loop over k and nothing but stores behind it: V8 keeps the
 * accumulators in registers only then.
 *
 * @param tiles - at least 1
 * @param rows - 1 to `TILE_ROWS`
 * @param cStep - bytes from one row of c to the next
 * @param a - rows x k floats, `rowStep` bytes from row to row and `aStep` along k;
 *   or, with a rowStep of 0, a panel packed k-major, `rows` floats per p
 * @param b - 8 floats per p, `bStep` bytes apart; those of the next tile `bNext` bytes on
 * @param k - at least 1
 * @param zeros - one row of zeros, where the sums start without `resume`
 */
export function gemmTiles(
  tiles: i32,
  rows: i32,
  c: usize,
  cStep: usize,
  a: usize,
  rowStep: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bNext: usize,
  k: i32,
  resume: bool,
  zeros: usize,
): void {
  const packed = rowStep == 0;
  const step = packed ? (<usize>rows) << 2 : aStep;
  if (rows == 1)
    tilesOf<Rows1, InPlace>(tiles, c, cStep, a, 0, step, b, bStep, bNext, k, resume, zeros);
  else if (packed)
    tilesWith<Packed>(tiles, rows, c, cStep, a, 0, step, b, bStep, bNext, k, resume, zeros);
  else
    tilesWith<InPlace>(tiles, rows, c, cStep, a, rowStep, step, b, bStep, bNext, k, resume, zeros);
}

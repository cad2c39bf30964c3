// Register tiles of the matrix product: R rows x 8 columns held in registers over the whole of k.
//
// Each output element is one chain over k in ascending order, so the bits do not depend on which
// tile computed it. Rows and operand layout are types: each combination is compiled into its own
// straight code.

import { madd } from "../simd";

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

@unmanaged
export class Rows1 {
  count(): i32 {
    return 1;
  }
}
@unmanaged
export class Rows2 {
  count(): i32 {
    return 2;
  }
}
@unmanaged
export class Rows3 {
  count(): i32 {
    return 3;
  }
}
@unmanaged
export class Rows4 {
  count(): i32 {
    return 4;
  }
}

/** a packed for this tile: the floats of all rows side by side. */
@unmanaged
class Packed {
  row0(a: usize): v128 {
    return v128.load32_splat(a);
  }
  row1(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 4);
  }
  row2(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 8);
  }
  row3(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 12);
  }
}

/** a where it lies, for products too narrow to repay packing. */
@unmanaged
class InPlace {
  row0(a: usize): v128 {
    return v128.load32_splat(a);
  }
  row1(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + rowStep);
  }
  row2(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + (rowStep << 1));
  }
  row3(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + rowStep * 3);
  }
}

function tileOf<R, A>(
  c: usize,
  cStep: usize,
  a: usize,
  rowStep: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: i32,
  from: usize,
  fromStep: usize,
): void {
  const rows = changetype<R>(0).count();
  // Splats come from memory: V8 recomputes a splatted register value at every use.
  const reader = changetype<A>(0);
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
  let low: v128;
  let high: v128;
  let s: v128;
  // One half of b, then a, then the other half: of the orders of reading, one of the fastest (decision 32).
  // Four steps a round, each with its own way out. The exits save a remainder loop, and they are
  // what keeps the tile in registers: a sum used behind an exit must be finished before it, so V8
  // cannot gather the loads of all four steps in front.
  while (true) {
    low = v128.load(b);
    s = reader.row0(a);
    low0 = madd(s, low, low0);
    if (rows > 1) low1 = madd(reader.row1(a, rowStep), low, low1);
    if (rows > 2) low2 = madd(reader.row2(a, rowStep), low, low2);
    if (rows > 3) low3 = madd(reader.row3(a, rowStep), low, low3);
    high = v128.load(b, 16);
    high0 = madd(s, high, high0);
    if (rows > 1) high1 = madd(reader.row1(a, rowStep), high, high1);
    if (rows > 2) high2 = madd(reader.row2(a, rowStep), high, high2);
    if (rows > 3) high3 = madd(reader.row3(a, rowStep), high, high3);
    if (--k == 0) break;
    a += aStep;
    b += bStep;
    low = v128.load(b);
    s = reader.row0(a);
    low0 = madd(s, low, low0);
    if (rows > 1) low1 = madd(reader.row1(a, rowStep), low, low1);
    if (rows > 2) low2 = madd(reader.row2(a, rowStep), low, low2);
    if (rows > 3) low3 = madd(reader.row3(a, rowStep), low, low3);
    high = v128.load(b, 16);
    high0 = madd(s, high, high0);
    if (rows > 1) high1 = madd(reader.row1(a, rowStep), high, high1);
    if (rows > 2) high2 = madd(reader.row2(a, rowStep), high, high2);
    if (rows > 3) high3 = madd(reader.row3(a, rowStep), high, high3);
    if (--k == 0) break;
    a += aStep;
    b += bStep;
    low = v128.load(b);
    s = reader.row0(a);
    low0 = madd(s, low, low0);
    if (rows > 1) low1 = madd(reader.row1(a, rowStep), low, low1);
    if (rows > 2) low2 = madd(reader.row2(a, rowStep), low, low2);
    if (rows > 3) low3 = madd(reader.row3(a, rowStep), low, low3);
    high = v128.load(b, 16);
    high0 = madd(s, high, high0);
    if (rows > 1) high1 = madd(reader.row1(a, rowStep), high, high1);
    if (rows > 2) high2 = madd(reader.row2(a, rowStep), high, high2);
    if (rows > 3) high3 = madd(reader.row3(a, rowStep), high, high3);
    if (--k == 0) break;
    a += aStep;
    b += bStep;
    low = v128.load(b);
    s = reader.row0(a);
    low0 = madd(s, low, low0);
    if (rows > 1) low1 = madd(reader.row1(a, rowStep), low, low1);
    if (rows > 2) low2 = madd(reader.row2(a, rowStep), low, low2);
    if (rows > 3) low3 = madd(reader.row3(a, rowStep), low, low3);
    high = v128.load(b, 16);
    high0 = madd(s, high, high0);
    if (rows > 1) high1 = madd(reader.row1(a, rowStep), high, high1);
    if (rows > 2) high2 = madd(reader.row2(a, rowStep), high, high2);
    if (rows > 3) high3 = madd(reader.row3(a, rowStep), high, high3);
    if (--k == 0) break;
    a += aStep;
    b += bStep;
  }
  v128.store(c, low0);
  v128.store(c, high0, 16);
  if (rows > 1) {
    c += cStep;
    v128.store(c, low1);
    v128.store(c, high1, 16);
  }
  if (rows > 2) {
    c += cStep;
    v128.store(c, low2);
    v128.store(c, high2, 16);
  }
  if (rows > 3) {
    c += cStep;
    v128.store(c, low3);
    v128.store(c, high3, 16);
  }
}

/**
 * One tile: c[r, 0..8] = from[r, 0..8] + sum over p of a[r, p] * b[p, 0..8].
 *
 * Nothing but loads stands before the loop and nothing but stores behind it: V8 keeps the
 * accumulators in registers only then.
 *
 * @param rows - 1 to `TILE_ROWS`
 * @param cStep - bytes from one row of c to the next; so fromStep
 * @param a - rows x k floats, `rowStep` bytes from row to row and `aStep` along k;
 *   or, with a rowStep of 0, a panel packed k-major, `rows` floats per p
 * @param b - 8 floats per p, `bStep` bytes apart
 * @param k - at least 1
 * @param from - start of the sums: c itself, or one row of zeros with a step of 0
 */
export function gemmTile(
  rows: i32,
  c: usize,
  cStep: usize,
  a: usize,
  rowStep: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: i32,
  from: usize,
  fromStep: usize,
): void {
  if (rowStep == 0) {
    if (rows == 4) tileOf<Rows4, Packed>(c, cStep, a, 0, 16, b, bStep, k, from, fromStep);
    else if (rows == 3) tileOf<Rows3, Packed>(c, cStep, a, 0, 12, b, bStep, k, from, fromStep);
    else if (rows == 2) tileOf<Rows2, Packed>(c, cStep, a, 0, 8, b, bStep, k, from, fromStep);
    else tileOf<Rows1, Packed>(c, cStep, a, 0, 4, b, bStep, k, from, fromStep);
  } else {
    if (rows == 4) tileOf<Rows4, InPlace>(c, cStep, a, rowStep, aStep, b, bStep, k, from, fromStep);
    else if (rows == 3)
      tileOf<Rows3, InPlace>(c, cStep, a, rowStep, aStep, b, bStep, k, from, fromStep);
    else if (rows == 2)
      tileOf<Rows2, InPlace>(c, cStep, a, rowStep, aStep, b, bStep, k, from, fromStep);
    else tileOf<Rows1, InPlace>(c, cStep, a, rowStep, aStep, b, bStep, k, from, fromStep);
  }
}

/**
 * Goes through columns of a matrix, a vector of them at a time, each group down a block of rows: sums
 * stay in registers there, and a block of rows in the first caches until all columns have passed. Each sum is one
 * ascending chain over the rows, so neither groups nor blocks nor threads change a bit.
 */
import { LINE_FLOATS, lines, runShared, Share } from "../share";

/** Floats of a block: half of a first level cache. */
const BLOCK_FLOATS: i32 = 1 << 13;
const LEAST_ROWS: i32 = 16;
/** Cache lines of an item: fewer in a row are fetched too slowly. */
const GRAIN: i32 = 4;

@unmanaged
export class GroupShare extends Share {
  rows: i32;
  n: i32;
}

/**
 * F.columns<T>(share, row, count, j) for all columns, block by block: as many columns from j on as T has lanes, `count`
 * rows from `row` on. Threads share the columns. Lanes past n hold garbage; what is written needs room for them.
 */
export function forColumnGroups<F, S>(share: S): void {
  const base = changetype<GroupShare>(share);
  runShared<Groups<F, S>, S>(share, lines(base.n), base.rows * base.n, GRAIN);
}

@unmanaged
class Groups<F, S> {
  run(share: S, firstLine: i32, endLine: i32, _thread: i32): void {
    const f = changetype<F>(0);
    const base = changetype<GroupShare>(share);
    const first = firstLine * LINE_FLOATS;
    const end = min(endLine * LINE_FLOATS, base.n);
    const rows = base.rows;
    const block = max(BLOCK_FLOATS / max(end - first, 1), LEAST_ROWS);
    for (let row = 0; row < rows; row += block) {
      const count = min(block, rows - row);
      if (ASC_FEATURE_SIMD) {
        for (let j = first; j < end; j += 4) f.columns<v128>(share, row, count, j);
      } else {
        for (let j = first; j < end; j++) f.columns<f32>(share, row, count, j);
      }
    }
  }
}

// The first strip of a block, which packs b on the way: read once, it is multiplied and laid down for the strips below.

import { madd } from "../simd";
import { TILE_ROW_BYTES } from "./gemm-tile";

/**
 * {@link gemmTiles} with tiles of four packed rows of a, which also lays b down at `packed`, panel by panel.
 *
 * @param b - row p of k holds the columns of all tiles, `bStep` bytes from row to row
 */
export function packingTiles(
  tiles: i32,
  c: usize,
  cStep: usize,
  a: usize,
  b: usize,
  bStep: usize,
  packed: usize,
  k: i32,
  resume: bool,
  zeros: usize,
): void {
  const fromStep = resume ? cStep : 0;
  do {
    let from = resume ? c : zeros;
    let low0 = v128.load(from);
    let high0 = v128.load(from, 16);
    from += fromStep;
    let low1 = v128.load(from);
    let high1 = v128.load(from, 16);
    from += fromStep;
    let low2 = v128.load(from);
    let high2 = v128.load(from, 16);
    from += fromStep;
    let low3 = v128.load(from);
    let high3 = v128.load(from, 16);
    let aAt = a;
    let bAt = b;
    let left = k;
    while (true) {
      const high = v128.load(bAt, 16);
      const s0 = v128.load32_splat(aAt);
      const s2 = v128.load32_splat(aAt, 8);
      const s1 = v128.load32_splat(aAt, 4);
      const low = v128.load(bAt);
      const s3 = v128.load32_splat(aAt, 12);
      v128.store(packed, low);
      v128.store(packed, high, 16);
      low0 = madd(s0, low, low0);
      high0 = madd(s0, high, high0);
      low1 = madd(s1, low, low1);
      high1 = madd(s1, high, high1);
      low2 = madd(s2, low, low2);
      high2 = madd(s2, high, high2);
      low3 = madd(s3, low, low3);
      high3 = madd(s3, high, high3);
      packed += TILE_ROW_BYTES;
      if (--left == 0) break;
      aAt += 16;
      bAt += bStep;
    }
    let to = c;
    v128.store(to, low0);
    v128.store(to, high0, 16);
    to += cStep;
    v128.store(to, low1);
    v128.store(to, high1, 16);
    to += cStep;
    v128.store(to, low2);
    v128.store(to, high2, 16);
    to += cStep;
    v128.store(to, low3);
    v128.store(to, high3, 16);
    c += TILE_ROW_BYTES;
    b += TILE_ROW_BYTES;
  } while (--tiles);
}

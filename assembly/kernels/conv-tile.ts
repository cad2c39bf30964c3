// Register tile of the convolutions: R pixels x 8 channels, each pixel reading runs of contiguous floats.
//
// The pixels of a tile may lie anywhere, as long as the same list of runs holds for all of them, so a tile crosses
// rows and images and nothing is packed on the pixels' side.

import { madd } from "../simd";
import { TILE_ROW_BYTES } from "./gemm-tile";
import { Rows1, Rows2, Rows3, Rows4 } from "./gemm-types";

/** A stretch of floats that every pixel reads, relative to the pixel's own position. */
@unmanaged
export class Run {
  /** Bytes from the pixel's position. */
  offset: i32;
  /** Floats, at least 1. */
  length: i32;
  /** Bytes from the start of the weights to those of the run's first float. */
  weights: i32;
}

/** Where a pixel's runs start and where its result goes, in bytes from two bases. */
@unmanaged
export class Pixel {
  source: i32;
  target: i32;
}

function tilesOf<R>(
  tiles: i32,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  resume: bool,
  zeros: usize,
  source: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  runs: usize,
  runsEnd: usize,
  b: usize,
): void {
  const rows = changetype<R>(0).count();
  let low: v128;
  let high: v128;
  let s: v128;
  do {
    const from0 = resume ? c0 : zeros;
    let low0 = v128.load(from0);
    let high0 = v128.load(from0, 16);
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    if (rows > 1) {
      const from = resume ? c1 : zeros;
      low1 = v128.load(from);
      high1 = v128.load(from, 16);
    }
    if (rows > 2) {
      const from = resume ? c2 : zeros;
      low2 = v128.load(from);
      high2 = v128.load(from, 16);
    }
    if (rows > 3) {
      const from = resume ? c3 : zeros;
      low3 = v128.load(from);
      high3 = v128.load(from, 16);
    }
    let run = runs;
    do {
      let a = source + changetype<Run>(run).offset;
      let k = changetype<Run>(run).length;
      // Four steps a round, each with its own way out, as in the matrix product's tile.
      while (true) {
        low = v128.load(b);
        s = v128.load32_splat(a);
        low0 = madd(s, low, low0);
        if (rows > 1) low1 = madd(v128.load32_splat(a + d1), low, low1);
        if (rows > 2) low2 = madd(v128.load32_splat(a + d2), low, low2);
        if (rows > 3) low3 = madd(v128.load32_splat(a + d3), low, low3);
        high = v128.load(b, 16);
        high0 = madd(s, high, high0);
        if (rows > 1) high1 = madd(v128.load32_splat(a + d1), high, high1);
        if (rows > 2) high2 = madd(v128.load32_splat(a + d2), high, high2);
        if (rows > 3) high3 = madd(v128.load32_splat(a + d3), high, high3);
        b += TILE_ROW_BYTES;
        if (--k == 0) break;
        a += 4;
        low = v128.load(b);
        s = v128.load32_splat(a);
        low0 = madd(s, low, low0);
        if (rows > 1) low1 = madd(v128.load32_splat(a + d1), low, low1);
        if (rows > 2) low2 = madd(v128.load32_splat(a + d2), low, low2);
        if (rows > 3) low3 = madd(v128.load32_splat(a + d3), low, low3);
        high = v128.load(b, 16);
        high0 = madd(s, high, high0);
        if (rows > 1) high1 = madd(v128.load32_splat(a + d1), high, high1);
        if (rows > 2) high2 = madd(v128.load32_splat(a + d2), high, high2);
        if (rows > 3) high3 = madd(v128.load32_splat(a + d3), high, high3);
        b += TILE_ROW_BYTES;
        if (--k == 0) break;
        a += 4;
        low = v128.load(b);
        s = v128.load32_splat(a);
        low0 = madd(s, low, low0);
        if (rows > 1) low1 = madd(v128.load32_splat(a + d1), low, low1);
        if (rows > 2) low2 = madd(v128.load32_splat(a + d2), low, low2);
        if (rows > 3) low3 = madd(v128.load32_splat(a + d3), low, low3);
        high = v128.load(b, 16);
        high0 = madd(s, high, high0);
        if (rows > 1) high1 = madd(v128.load32_splat(a + d1), high, high1);
        if (rows > 2) high2 = madd(v128.load32_splat(a + d2), high, high2);
        if (rows > 3) high3 = madd(v128.load32_splat(a + d3), high, high3);
        b += TILE_ROW_BYTES;
        if (--k == 0) break;
        a += 4;
        low = v128.load(b);
        s = v128.load32_splat(a);
        low0 = madd(s, low, low0);
        if (rows > 1) low1 = madd(v128.load32_splat(a + d1), low, low1);
        if (rows > 2) low2 = madd(v128.load32_splat(a + d2), low, low2);
        if (rows > 3) low3 = madd(v128.load32_splat(a + d3), low, low3);
        high = v128.load(b, 16);
        high0 = madd(s, high, high0);
        if (rows > 1) high1 = madd(v128.load32_splat(a + d1), high, high1);
        if (rows > 2) high2 = madd(v128.load32_splat(a + d2), high, high2);
        if (rows > 3) high3 = madd(v128.load32_splat(a + d3), high, high3);
        b += TILE_ROW_BYTES;
        if (--k == 0) break;
        a += 4;
      }
      run += offsetof<Run>();
    } while (run != runsEnd);
    v128.store(c0, low0);
    v128.store(c0, high0, 16);
    if (rows > 1) {
      v128.store(c1, low1);
      v128.store(c1, high1, 16);
    }
    if (rows > 2) {
      v128.store(c2, low2);
      v128.store(c2, high2, 16);
    }
    if (rows > 3) {
      v128.store(c3, low3);
      v128.store(c3, high3, 16);
    }
    c0 += TILE_ROW_BYTES;
    c1 += TILE_ROW_BYTES;
    c2 += TILE_ROW_BYTES;
    c3 += TILE_ROW_BYTES;
  } while (--tiles);
}

/**
 * Sums of tiles side by side: for each pixel, c[0..8] = (resume ? c : 0) + sum over its runs' floats of float * b[.., 0..8],
 * and so on with the next eight channels.
 *
 * @param tiles - at least 1
 * @param rows - pixels, 1 to 4
 * @param c0 - 8 floats of the first pixel; so c1 to c3, which may be anything past `rows`
 * @param zeros - 8 zeros
 * @param source - base of the pixels' positions
 * @param pixels - `rows` {@link Pixel}s
 * @param runs - {@link Run}s up to runsEnd, at least one
 * @param b - for each tile 8 floats for each float of the runs, in their order
 */
export function runTiles(
  tiles: i32,
  rows: i32,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  resume: bool,
  zeros: usize,
  source: usize,
  pixels: usize,
  runs: usize,
  runsEnd: usize,
  b: usize,
): void {
  const first = changetype<Pixel>(pixels).source;
  const at = source + first;
  if (rows == 1) {
    tilesOf<Rows1>(tiles, c0, 0, 0, 0, resume, zeros, at, 0, 0, 0, runs, runsEnd, b);
    return;
  }
  const d1 = load<i32>(pixels, 8) - first;
  if (rows == 2) {
    tilesOf<Rows2>(tiles, c0, c1, 0, 0, resume, zeros, at, d1, 0, 0, runs, runsEnd, b);
    return;
  }
  const d2 = load<i32>(pixels, 16) - first;
  if (rows == 3) {
    tilesOf<Rows3>(tiles, c0, c1, c2, 0, resume, zeros, at, d1, d2, 0, runs, runsEnd, b);
    return;
  }
  const d3 = load<i32>(pixels, 24) - first;
  tilesOf<Rows4>(tiles, c0, c1, c2, c3, resume, zeros, at, d1, d2, d3, runs, runsEnd, b);
}

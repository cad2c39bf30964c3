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
  /** The same in a packed panel of the weights, and bytes there since the end of the run before. */
  panel: i32;
  skip: i32;
  /** Row of taps that it belongs to, and its first float within that row's. */
  row: i32;
  first: i32;
}

/** Where a pixel's runs start and where its result goes, in bytes from two bases. */
@unmanaged
export class Pixel {
  source: i32;
  target: i32;
}

function tilesOf<R>(
  tiles: i32,
  out: usize,
  source: usize,
  pixels: usize,
  pixelsEnd: usize,
  resume: bool,
  zeros: usize,
  runs: usize,
  runsEnd: usize,
  b: usize,
  rest: usize,
): void {
  const rows = changetype<R>(0).count();
  let low: v128;
  let high: v128;
  let s0 = i32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; pixels != pixelsEnd; pixels += rows * offsetof<Pixel>()) {
    const first = changetype<Pixel>(pixels).source;
    const at = source + first;
    const d1 = rows > 1 ? load<i32>(pixels, 8) - first : 0;
    const d2 = rows > 2 ? load<i32>(pixels, 16) - first : 0;
    const d3 = rows > 3 ? load<i32>(pixels, 24) - first : 0;
    let c0 = out + changetype<Pixel>(pixels).target;
    let c1 = rows > 1 ? out + load<i32>(pixels, 12) : 0;
    let c2 = rows > 2 ? out + load<i32>(pixels, 20) : 0;
    let c3 = rows > 3 ? out + load<i32>(pixels, 28) : 0;
    let bAt = b;
    let left = tiles;
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
        let a = at + changetype<Run>(run).offset;
        bAt += changetype<Run>(run).skip;
        let k = changetype<Run>(run).length;
        // Four steps a round, each with its own way out, as in the matrix product's tile.
        while (true) {
          high = v128.load(bAt, 16);
          s0 = v128.load32_splat(a);
          if (rows > 2) s2 = v128.load32_splat(a + d2);
          if (rows > 1) s1 = v128.load32_splat(a + d1);
          low = v128.load(bAt);
          if (rows > 3) s3 = v128.load32_splat(a + d3);
          low0 = madd(s0, low, low0);
          high0 = madd(s0, high, high0);
          if (rows > 1) low1 = madd(s1, low, low1);
          if (rows > 1) high1 = madd(s1, high, high1);
          if (rows > 2) low2 = madd(s2, low, low2);
          if (rows > 2) high2 = madd(s2, high, high2);
          if (rows > 3) low3 = madd(s3, low, low3);
          if (rows > 3) high3 = madd(s3, high, high3);
          bAt += TILE_ROW_BYTES;
          if (--k == 0) break;
          a += 4;
          high = v128.load(bAt, 16);
          s0 = v128.load32_splat(a);
          if (rows > 2) s2 = v128.load32_splat(a + d2);
          if (rows > 1) s1 = v128.load32_splat(a + d1);
          low = v128.load(bAt);
          if (rows > 3) s3 = v128.load32_splat(a + d3);
          low0 = madd(s0, low, low0);
          high0 = madd(s0, high, high0);
          if (rows > 1) low1 = madd(s1, low, low1);
          if (rows > 1) high1 = madd(s1, high, high1);
          if (rows > 2) low2 = madd(s2, low, low2);
          if (rows > 2) high2 = madd(s2, high, high2);
          if (rows > 3) low3 = madd(s3, low, low3);
          if (rows > 3) high3 = madd(s3, high, high3);
          bAt += TILE_ROW_BYTES;
          if (--k == 0) break;
          a += 4;
          high = v128.load(bAt, 16);
          s0 = v128.load32_splat(a);
          if (rows > 2) s2 = v128.load32_splat(a + d2);
          if (rows > 1) s1 = v128.load32_splat(a + d1);
          low = v128.load(bAt);
          if (rows > 3) s3 = v128.load32_splat(a + d3);
          low0 = madd(s0, low, low0);
          high0 = madd(s0, high, high0);
          if (rows > 1) low1 = madd(s1, low, low1);
          if (rows > 1) high1 = madd(s1, high, high1);
          if (rows > 2) low2 = madd(s2, low, low2);
          if (rows > 2) high2 = madd(s2, high, high2);
          if (rows > 3) low3 = madd(s3, low, low3);
          if (rows > 3) high3 = madd(s3, high, high3);
          bAt += TILE_ROW_BYTES;
          if (--k == 0) break;
          a += 4;
          high = v128.load(bAt, 16);
          s0 = v128.load32_splat(a);
          if (rows > 2) s2 = v128.load32_splat(a + d2);
          if (rows > 1) s1 = v128.load32_splat(a + d1);
          low = v128.load(bAt);
          if (rows > 3) s3 = v128.load32_splat(a + d3);
          low0 = madd(s0, low, low0);
          high0 = madd(s0, high, high0);
          if (rows > 1) low1 = madd(s1, low, low1);
          if (rows > 1) high1 = madd(s1, high, high1);
          if (rows > 2) low2 = madd(s2, low, low2);
          if (rows > 2) high2 = madd(s2, high, high2);
          if (rows > 3) low3 = madd(s3, low, low3);
          if (rows > 3) high3 = madd(s3, high, high3);
          bAt += TILE_ROW_BYTES;
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
      bAt += rest;
    } while (--left);
  }
}

/**
 * Sums of tiles side by side, for pixel after pixel: out[target, 0..8] = (resume ? out : 0) + sum over its runs' floats of
 * float * b[.., 0..8], and so on with the next eight channels.
 *
 * @param tiles - at least 1
 * @param rows - pixels that a tile takes at once, 1 to 4
 * @param out - base of the pixels' targets
 * @param source - base of their sources
 * @param pixels - {@link Pixel}s up to pixelsEnd, a multiple of `rows`
 * @param zeros - 8 zeros
 * @param runs - {@link Run}s up to runsEnd, at least one
 * @param b - packed panel of the first tile's weights, 8 floats for each float of the runs
 * @param rest - bytes from the last run's weights to the next tile's panel
 */
export function runTiles(
  tiles: i32,
  rows: i32,
  out: usize,
  source: usize,
  pixels: usize,
  pixelsEnd: usize,
  resume: bool,
  zeros: usize,
  runs: usize,
  runsEnd: usize,
  b: usize,
  rest: usize,
): void {
  if (rows == 1)
    tilesOf<Rows1>(tiles, out, source, pixels, pixelsEnd, resume, zeros, runs, runsEnd, b, rest);
  else if (rows == 2)
    tilesOf<Rows2>(tiles, out, source, pixels, pixelsEnd, resume, zeros, runs, runsEnd, b, rest);
  else if (rows == 3)
    tilesOf<Rows3>(tiles, out, source, pixels, pixelsEnd, resume, zeros, runs, runsEnd, b, rest);
  else tilesOf<Rows4>(tiles, out, source, pixels, pixelsEnd, resume, zeros, runs, runsEnd, b, rest);
}

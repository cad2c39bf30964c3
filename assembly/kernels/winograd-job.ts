// A Winograd convolution at work, forward or towards the input, and the scratch of its threads.

import { threadCount } from "../parallel";
import { ConvShape } from "./conv-shape";
import { TILE_ROW_BYTES } from "./gemm-tile";
import { tileCount } from "./winograd-plan";
import {
  PANEL,
  padded,
  spread,
  TILE_SCRATCH_BYTES,
  Tiles,
  tileBytes,
  tilesAtOnce,
} from "./winograd-tiles";

/** Bytes of transformed filters that stay in the second level cache. */
const FILTER_BYTES: i32 = 589824;
/** Tiles multiplied before their sums are transformed back. */
export const TILES_TOGETHER: i32 = 16;
export const JOB_BYTES: usize = 192;

@unmanaged
export class ProductJob extends Tiles {
  /** The target, [batch, rows, columns, outputs]. */
  target: usize;
  rows: i32;
  columns: i32;
  outputs: i32;
  weights: usize;
  /** Bytes between taps, from the first tap read (backwards towards the input), and between rows of one tap. */
  tapStep: isize;
  weightStep: usize;
  /** A row of a tap's weights holds one output's weights, not one channel's. */
  transposed: bool;
  bias: usize;
  activation: i32;
  accumulate: bool;
  /** Transformed at once: tiles [first, first + count). */
  first: i32;
  count: i32;
  block: i32;
  tileItems: i32;
  columnItems: i32;
  threadBytes: usize;

  scratchOf(thread: i32): usize {
    return this.packed + this.valueStep * this.values + this.threadBytes * thread;
  }
}

export function tilesOf(s: ConvShape, rows: i32, columns: i32, size: i32): i32 {
  return s.batch * tileCount(rows, size) * tileCount(columns, size);
}

/** Output channels of one block of filters. */
export function blockOf(size: i32, channels: i32, outputs: i32): i32 {
  const fits = FILTER_BYTES / ((size + 2) * (size + 2) * channels * 4);
  return min(max(fits & -PANEL, PANEL), padded(outputs));
}

/** One thread's: squares, the filters of a panel, transformed filters of a block, sums, a row of zeros. */
export function threadBytes(size: i32, channels: i32, block: i32): usize {
  const values = (size + 2) * (size + 2);
  const taps = <usize>(9 * channels) * TILE_ROW_BYTES;
  const filters = spread((<usize>(channels * block)) << 2);
  const sums = spread((<usize>(TILES_TOGETHER * block)) << 2);
  return TILE_SCRATCH_BYTES + TILE_ROW_BYTES + taps + (filters + sums) * values;
}

/** Bytes of scratch of either convolution. */
function scratchBytes(channels: i32, outputs: i32, tiles: i32, size: i32): usize {
  const atOnce = min(tilesAtOnce(size, channels), tiles);
  const ofThread = threadBytes(size, channels, blockOf(size, channels, outputs));
  return JOB_BYTES + tileBytes(size, channels, atOnce) + ofThread * threadCount();
}

export function winogradScratchBytes(s: ConvShape, size: i32): usize {
  const tiles = tilesOf(s, s.outHeight, s.outWidth, size);
  return scratchBytes(s.channels, s.outChannels, tiles, size);
}

export function winogradInputGradScratchBytes(s: ConvShape, size: i32): usize {
  return scratchBytes(s.outChannels, s.channels, tilesOf(s, s.height, s.width, size), size);
}

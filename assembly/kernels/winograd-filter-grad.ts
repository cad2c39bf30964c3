/**
 * Filter gradient of a 3 x 3 convolution with stride 1 by Winograd's minimal filtering: tiles of the input and of the
 * output's gradient are transformed, multiplied value by value and summed over the tiles; the sums are transformed to
 * the nine taps. Each sum is one ascending chain over the tiles that are transformed at once.
 */
import { add, read, write } from "../lanes";
import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { TRAINS } from "../trains";
import { ConvShape } from "./conv-shape";
import { gemmScalar } from "./gemm-scalar";
import { gemmTiles, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";
import { tileCount } from "./winograd-plan";
import { PANEL, TILE_SCRATCH_BYTES, Tiles, tileBytes, tilesAtOnce } from "./winograd-tiles";
import { transformFilterGrad } from "./winograd-transform";

/** Channels, and outputs, of one block of sums: 148 kB. */
const BLOCK: i32 = 32;
/** Bytes from one value's sums to the next's, in different sets of the first level cache. */
const SUM_STEP: usize = BLOCK * BLOCK * 4 + 64;
const TAPS_BYTES: usize = 9 * BLOCK * 4;
const TILES_BYTES: usize = 96;
const JOB_BYTES: usize = 64 + 2 * TILES_BYTES;

@unmanaged
class FilterJob {
  dw: usize;
  accumulate: bool;
  first: i32;
  count: i32;
  tileItems: i32;
  scratch: usize;

  get input(): Tiles {
    return changetype<Tiles>(changetype<usize>(this) + 64);
  }

  get grad(): Tiles {
    return changetype<Tiles>(changetype<usize>(this) + 64 + TILES_BYTES);
  }

  scratchOf(thread: i32): usize {
    return this.scratch + threadBytes(this.input.size) * thread;
  }
}

/** One thread's: squares, a row of zeros, sums of a block, taps of one channel. */
function threadBytes(size: i32): usize {
  const sums = SUM_STEP * ((size + 2) * (size + 2));
  return TILE_SCRATCH_BYTES + TILE_ROW_BYTES + sums + TAPS_BYTES;
}

function tilesOf(s: ConvShape, size: i32): i32 {
  return s.batch * tileCount(s.outHeight, size) * tileCount(s.outWidth, size);
}

export function winogradFilterGradScratchBytes(s: ConvShape, size: i32): usize {
  const atOnce = min(tilesAtOnce(size, max(s.channels, s.outChannels)), tilesOf(s, size));
  const packed = tileBytes(size, s.channels, atOnce) + tileBytes(size, s.outChannels, atOnce);
  return JOB_BYTES + packed + threadBytes(size) * threadCount();
}

function transformItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<FilterJob>(args);
  const start = itemStart(job.count, item, job.tileItems);
  const count = itemStart(job.count, item + 1, job.tileItems) - start;
  const scratch = job.scratchOf(thread);
  job.input.transform(job.first + start, count, start, scratch);
  job.grad.transform(job.first + start, count, start, scratch);
}

/** Sums of one value over the tiles: c[channels, outputs] of a block. */
function sumTiles(
  job: FilterJob,
  sums: usize,
  value: i32,
  channel: i32,
  channels: i32,
  output: i32,
  outputs: i32,
  zeros: usize,
): void {
  const input = job.input;
  const grad = job.grad;
  const a = input.packed + input.valueStep * value;
  let b = grad.packed + grad.valueStep * value + <usize>(output / PANEL) * grad.panelStep;
  for (let j = 0; j < outputs; j += PANEL) {
    for (let i = channel; i < channel + channels; i += TILE_ROWS) {
      const rows = min(TILE_ROWS, channel + channels - i);
      const at = a + <usize>(i / PANEL) * input.panelStep + ((<usize>(i % PANEL)) << 2);
      const c = sums + ((<usize>((i - channel) * BLOCK + j)) << 2);
      if (ASC_FEATURE_SIMD) {
        const step = TILE_ROW_BYTES;
        gemmTiles(1, rows, c, BLOCK << 2, at, 4, step, b, step, 0, job.count, false, zeros);
      } else {
        gemmScalar(c, at, b, rows, PANEL, job.count, PANEL, PANEL, BLOCK, true, false, false, 0, 0);
      }
    }
    b += grad.panelStep;
  }
}

/** The nine taps of one channel's weights, from `taps` to `outputs` weights of each at `to`. */
function storeTaps(to: usize, tapStep: usize, taps: usize, outputs: i32, accumulate: bool): void {
  const end = (<usize>outputs) << 2;
  for (let tap = 0; tap < 9; tap++) {
    let at: usize = 0;
    if (ASC_FEATURE_SIMD) {
      for (; at + 16 <= end; at += 16) storeWeights<v128>(to + at, taps + at, accumulate);
    }
    for (; at < end; at += 4) storeWeights<f32>(to + at, taps + at, accumulate);
    taps += BLOCK << 2;
    to += tapStep;
  }
}

function storeWeights<T>(to: usize, from: usize, accumulate: bool): void {
  const value = read<T>(from);
  write<T>(to, accumulate ? add<T>(read<T>(to), value) : value);
}

function productItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<FilterJob>(args);
  const size = job.input.size;
  const values = job.input.values;
  const scratch = job.scratchOf(thread);
  const zeros = scratch + TILE_SCRATCH_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const sums = zeros + TILE_ROW_BYTES;
  const taps = sums + SUM_STEP * values;
  const blocks = tileCount(job.grad.channels, BLOCK);
  const channel = (item / blocks) * BLOCK;
  const output = (item % blocks) * BLOCK;
  const channels = min(BLOCK, job.input.channels - channel);
  const outputs = min(BLOCK, job.grad.channels - output);
  for (let value = 0; value < values; value++) {
    sumTiles(job, sums + SUM_STEP * value, value, channel, channels, output, outputs, zeros);
  }
  // Taps lie far apart, at distances that share a set of the first level cache: whole rows of weights at once.
  const tapStep = (<usize>(job.input.channels * job.grad.channels)) << 2;
  const end = (<usize>outputs) << 2;
  const added = job.accumulate || job.first > 0;
  for (let i = 0; i < channels; i++) {
    const row = sums + ((<usize>(i * BLOCK)) << 2);
    const lanes = ASC_FEATURE_SIMD ? 16 : 4;
    for (let at: usize = 0; at < end; at += lanes) {
      if (ASC_FEATURE_SIMD) {
        transformFilterGrad<v128>(size, row + at, SUM_STEP, taps + at, BLOCK << 2, scratch);
      } else transformFilterGrad<f32>(size, row + at, SUM_STEP, taps + at, BLOCK << 2, scratch);
    }
    const weight = (channel + i) * job.grad.channels + output;
    storeTaps(job.dw + ((<usize>weight) << 2), tapStep, taps, outputs, added);
  }
}

/** dw = (accumulate ? dw : 0) + the gradient of w, as {@link f32_conv2d_dw}, with tiles of `size`. */
export function winogradFilterGrad(
  dw: usize,
  x: usize,
  dout: usize,
  accumulate: bool,
  s: ConvShape,
  size: i32,
  scratch: usize,
): void {
  const job = changetype<FilterJob>(scratch);
  const input = job.input;
  const grad = job.grad;
  const tiles = tilesOf(s, size);
  const atOnce = min(tilesAtOnce(size, max(s.channels, s.outChannels)), tiles);
  input.data = x;
  input.height = s.height;
  input.width = s.width;
  input.channels = s.channels;
  input.top = s.padTop;
  input.left = s.padLeft;
  input.ofOutput = false;
  grad.data = dout;
  grad.height = s.outHeight;
  grad.width = s.outWidth;
  grad.channels = s.outChannels;
  grad.top = 0;
  grad.left = 0;
  grad.ofOutput = true;
  input.size = grad.size = size;
  input.tilesY = grad.tilesY = tileCount(s.outHeight, size);
  input.tilesX = grad.tilesX = tileCount(s.outWidth, size);
  job.dw = dw;
  job.accumulate = accumulate;
  const share = worthSharing(s.operations);
  const items = tileCount(s.channels, BLOCK) * tileCount(s.outChannels, BLOCK);
  const packed = scratch + JOB_BYTES;
  for (job.first = 0; job.first < tiles; job.first += atOnce) {
    job.count = min(atOnce, tiles - job.first);
    const bytes = input.layPanels(packed, job.count);
    job.scratch = packed + bytes + grad.layPanels(packed + bytes, job.count);
    job.tileItems = share ? itemCount(job.count) : 1;
    if (TRAINS) parallelFor(transformItem.index, scratch, job.tileItems);
    if (TRAINS && share) parallelFor(productItem.index, scratch, items);
    else for (let item = 0; item < items; item++) productItem(scratch, item, 0);
  }
}

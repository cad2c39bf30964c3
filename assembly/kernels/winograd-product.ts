// The products of a Winograd convolution and the way of their sums into the pictures.

import { add, max as greater, read, splat, write } from "../lanes";
import { itemCount, itemStart, parallelFor, worthSharing } from "../parallel";
import { ConvShape } from "./conv-shape";
import { gemmScalar } from "./gemm-scalar";
import { gemmTiles, nextRows, TILE_ROW_BYTES } from "./gemm-tile";
import { transformPanel } from "./winograd-filters";
import {
  blockOf,
  JOB_BYTES,
  ProductJob,
  TILES_TOGETHER,
  threadBytes,
  tilesOf,
} from "./winograd-job";
import { tileCount } from "./winograd-plan";
import { PANEL, padded, spread, TILE_SCRATCH_BYTES, tilesAtOnce } from "./winograd-tiles";
import { SQUARE_BYTES, transformOutput, VALUE_BYTES } from "./winograd-transform";

function transformItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ProductJob>(args);
  const items = job.tileItems;
  const start = itemStart(job.count, item, items);
  const count = itemStart(job.count, item + 1, items) - start;
  job.transform(job.first + start, count, start, job.scratchOf(thread));
}

/** sums[rows, block] of one value = tiles[rows, channels] filters[channels, block]. */
function multiplyValue(
  sums: usize,
  tiles: usize,
  filters: usize,
  rows: i32,
  block: i32,
  channels: i32,
  tileStep: usize,
  zeros: usize,
): void {
  const step = (<usize>block) << 2;
  const panelBytes = <usize>channels * TILE_ROW_BYTES;
  const lda = <i32>(tileStep >> 2);
  let count = 0;
  for (let row = 0; row < rows; row += count) {
    count = ASC_FEATURE_SIMD ? nextRows(rows - row) : rows;
    if (ASC_FEATURE_SIMD) {
      const b = TILE_ROW_BYTES;
      const across = block / PANEL;
      gemmTiles(
        across,
        count,
        sums,
        step,
        tiles,
        tileStep,
        4,
        filters,
        b,
        panelBytes,
        channels,
        false,
        zeros,
      );
    } else {
      let panel = filters;
      for (let j = 0; j < block; j += PANEL) {
        const c = sums + ((<usize>j) << 2);
        gemmScalar(
          c,
          tiles,
          panel,
          count,
          PANEL,
          channels,
          lda,
          PANEL,
          block,
          false,
          false,
          false,
          0,
          0,
        );
        panel += panelBytes;
      }
    }
    sums += step * count;
    tiles += tileStep * count;
  }
}

/** One tile's square of results to the target, for the channels from `channel` on that T holds. */
function storeSquare<T>(job: ProductJob, square: usize, tile: i32, channel: i32): void {
  const size = job.size;
  const perImage = job.tilesY * job.tilesX;
  const place = tile % perImage;
  const top = (place / job.tilesX) * size;
  const left = (place % job.tilesX) * size;
  const bottom = min(top + size, job.rows);
  const right = min(left + size, job.columns);
  const pixelBytes = (<usize>job.outputs) << 2;
  const offset = (<usize>channel) << 2;
  const bias = job.bias != 0 ? read<T>(job.bias + offset) : splat<T>(0);
  const zero = splat<T>(0);
  for (let y = top; y < bottom; y++) {
    const pixel = ((tile / perImage) * job.rows + y) * job.columns + left;
    let to = job.target + <usize>pixel * pixelBytes + offset;
    let from = square;
    for (let x = left; x < right; x++) {
      let value = read<T>(from);
      if (job.accumulate) value = add<T>(read<T>(to), value);
      if (job.bias != 0) value = add<T>(value, bias);
      if (job.activation == 1) value = greater<T>(value, zero);
      write<T>(to, value);
      from += VALUE_BYTES;
      to += pixelBytes;
    }
    square += VALUE_BYTES * size;
  }
}

function productItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ProductJob>(args);
  const channels = job.channels;
  const size = job.size;
  const values = job.values;
  const scratch = job.scratchOf(thread);
  const zeros = scratch + TILE_SCRATCH_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const filters = zeros + TILE_ROW_BYTES + ((<usize>(9 * channels * PANEL)) << 2);
  const tileItem = item % job.tileItems;
  const firstTile = itemStart(job.count, tileItem, job.tileItems);
  const endTile = itemStart(job.count, tileItem + 1, job.tileItems);
  const panels = padded(job.outputs) / PANEL;
  const columnItem = item / job.tileItems;
  const end = itemStart(panels, columnItem + 1, job.columnItems) * PANEL;
  for (let column = itemStart(panels, columnItem, job.columnItems) * PANEL; column < end; ) {
    const block = min(job.block, end - column);
    const filterStep = spread((<usize>(channels * block)) << 2);
    for (let i = 0; i < block; i += PANEL) {
      const to = filters + ((<usize>(channels * i)) << 2);
      transformPanel(job, column + i, to, filterStep, scratch);
    }
    const sums = filters + filterStep * values;
    const valid = min(block, job.outputs - column);
    for (let tile = firstTile; tile < endTile; tile += TILES_TOGETHER) {
      const rows = min(TILES_TOGETHER, endTile - tile);
      const sumStep = spread((<usize>(rows * block)) << 2);
      for (let value = 0; value < values; value++) {
        multiplyValue(
          sums + sumStep * value,
          job.packed + job.valueStep * value + job.tileStep * tile,
          filters + filterStep * value,
          rows,
          block,
          channels,
          job.tileStep,
          zeros,
        );
      }
      for (let row = 0; row < rows; row++) {
        const from = sums + ((<usize>(row * block)) << 2);
        const at = job.first + tile + row;
        let i = 0;
        if (ASC_FEATURE_SIMD) {
          for (; i + 4 <= valid; i += 4) {
            const sum = from + ((<usize>i) << 2);
            transformOutput<v128>(size, sum, sumStep, scratch, scratch + SQUARE_BYTES);
            storeSquare<v128>(job, scratch, at, column + i);
          }
        }
        for (; i < valid; i++) {
          const sum = from + ((<usize>i) << 2);
          transformOutput<f32>(size, sum, sumStep, scratch, scratch + SQUARE_BYTES);
          storeSquare<f32>(job, scratch, at, column + i);
        }
      }
    }
    column += block;
  }
}

/** Runs a job of which the operands are filled in. */
export function runProduct(job: ProductJob, s: ConvShape): void {
  const args = changetype<usize>(job);
  const tiles = tilesOf(s, job.rows, job.columns, job.size);
  const atOnce = min(tilesAtOnce(job.size, job.channels), tiles);
  job.tilesY = tileCount(job.rows, job.size);
  job.tilesX = tileCount(job.columns, job.size);
  job.ofOutput = false;
  job.block = blockOf(job.size, job.channels, job.outputs);
  job.threadBytes = threadBytes(job.size, job.channels, job.block);
  job.layRows(args + JOB_BYTES, atOnce);
  const share = worthSharing(s.operations);
  const panels = padded(job.outputs) / PANEL;
  for (job.first = 0; job.first < tiles; job.first += atOnce) {
    job.count = min(atOnce, tiles - job.first);
    job.tileItems = share ? itemCount(job.count) : 1;
    job.columnItems = 1;
    parallelFor(transformItem.index, args, job.tileItems);
    if (share) {
      // Blocks of filters first: each is transformed once for every part of the tiles.
      const items = itemCount(job.count);
      job.columnItems = min((panels * PANEL + job.block - 1) / job.block, items);
      job.tileItems = min(items / job.columnItems, tileCount(job.count, TILES_TOGETHER));
    }
    parallelFor(productItem.index, args, job.tileItems * job.columnItems);
  }
}

// A unit's pixels times their runs: the matrix product inside the convolutions, its left side read in place.

import { keepPatch, RUN_FLOATS } from "./conv-runs";
import { Patch, Sweep } from "./conv-sweep";
import { Pixel, Run, runTiles } from "./conv-tile";
import { packColumns, packRows } from "./gemm-pack";
import { copyTile } from "./gemm-store";
import { nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Columns of a packed block of weights: 256 kB at the longest stretch of runs. */
const BLOCK_COLUMNS: i32 = 256;

/** Groups of pixels that are finished together, while they are in the first cache. */
const BLOCK_GROUPS: i32 = 16;

const B_BYTES: usize = (<usize>(RUN_FLOATS * BLOCK_COLUMNS)) << 2;
const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;

/** Bytes of scratch of {@link productOfUnit}. */
export const PRODUCT_BYTES: usize =
  B_BYTES + EDGE_BYTES + TILE_ROW_BYTES + <usize>TILE_ROWS * offsetof<Pixel>();

/**
 * Panels of the weights of the runs up to `runsEnd`; columns past the edge are filled with zeros. Returns the bytes from
 * one panel to the next.
 */
function packWeights(
  packed: usize,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  runs: usize,
  runsEnd: usize,
): usize {
  const columnStep: usize = transposed ? wStep : 4;
  let panel: usize = 0;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const width = min(columns - j, TILE_COLUMNS);
    panel = packed;
    const at = w + <usize>j * columnStep;
    for (let run = runs; run != runsEnd; run += offsetof<Run>()) {
      const length = changetype<Run>(run).length;
      const from = at + changetype<Run>(run).weights;
      const bytes = <usize>length * TILE_ROW_BYTES;
      if (width < TILE_COLUMNS) memory.fill(packed, 0, bytes);
      if (transposed) packRows(packed, TILE_ROW_BYTES, from, wStep, width, length);
      else packColumns(packed, TILE_ROW_BYTES, from, wStep, width, length);
      packed += bytes;
    }
  }
  return packed - panel;
}

/** Of the runs from `runs` on those that are packed together, at least one; sets their places in a panel. Returns their end. */
function packedTogether(runs: usize, allRuns: usize): usize {
  let floats = 0;
  for (; runs != allRuns; runs += offsetof<Run>()) {
    const run = changetype<Run>(runs);
    if (floats > 0 && floats + run.length > RUN_FLOATS) break;
    run.panel = floats * <i32>TILE_ROW_BYTES;
    floats += run.length;
  }
  return runs;
}

/** Adds the bias to the sums of pixels and cuts them off below zero. */
function finishPixels(
  out: usize,
  pixels: usize,
  pixelsEnd: usize,
  columns: i32,
  bias: usize,
  activation: i32,
): void {
  const bytes = (<usize>columns) << 2;
  for (; pixels != pixelsEnd; pixels += offsetof<Pixel>()) {
    const c = out + changetype<Pixel>(pixels).target;
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      let sums = v128.load(c + i);
      if (bias != 0) sums = f32x4.add(sums, v128.load(bias + i));
      if (activation == 1) sums = f32x4.max(sums, f32x4.splat(0));
      v128.store(c + i, sums);
    }
    for (; i < bytes; i += 4) {
      let sum = load<f32>(c + i);
      if (bias != 0) sum += load<f32>(bias + i);
      if (activation == 1) sum = max<f32>(sum, 0);
      store<f32>(c + i, sum);
    }
  }
}

/**
 * The sums of one patch over its part of the runs that are packed.
 *
 * @param runs - {@link Run}s of the patch up to `runsEnd`, at least one
 * @param panelBytes - from one packed panel of the weights to the next
 * @param bias - 0 but for the last runs; so the activation
 */
function multiplyPatch(
  out: usize,
  source: usize,
  patch: Patch,
  runs: usize,
  runsEnd: usize,
  panelBytes: usize,
  columns: i32,
  resume: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  const edge = scratch + B_BYTES;
  const zeros = edge + EDGE_BYTES;
  const edgePixels = zeros + TILE_ROW_BYTES;
  const full = columns / TILE_COLUMNS;
  const left = columns - full * TILE_COLUMNS;
  const fullBytes = <usize>full * TILE_ROW_BYTES;
  const edgePanel = scratch + full * panelBytes;
  const lastRun = changetype<Run>(runsEnd - offsetof<Run>());
  const rest = panelBytes - (lastRun.panel + lastRun.length * <i32>TILE_ROW_BYTES);
  for (let at = patch.pixels; at != patch.pixelsEnd; ) {
    const count = <i32>((patch.pixelsEnd - at) / offsetof<Pixel>());
    const rows = nextRows(count);
    const groups = rows < TILE_ROWS ? 1 : min(max(count / TILE_ROWS - 1, 1), BLOCK_GROUPS);
    const end = at + groups * rows * offsetof<Pixel>();
    if (full > 0) {
      runTiles(full, rows, out, source, at, end, resume, zeros, runs, runsEnd, scratch, rest);
    }
    if (left > 0) {
      for (let group = at; group != end; group += rows * offsetof<Pixel>()) {
        for (let i = 0; i < rows; i++) {
          const pixel = changetype<Pixel>(group + i * offsetof<Pixel>());
          const here = changetype<Pixel>(edgePixels + i * offsetof<Pixel>());
          here.source = pixel.source;
          here.target = i * <i32>TILE_ROW_BYTES;
          if (resume) copyTile(edge + here.target, 0, out + pixel.target + fullBytes, 0, 1, left);
        }
        const pixelsEnd = edgePixels + rows * offsetof<Pixel>();
        runTiles(
          1,
          rows,
          edge,
          source,
          edgePixels,
          pixelsEnd,
          resume,
          zeros,
          runs,
          runsEnd,
          edgePanel,
          0,
        );
        for (let i = 0; i < rows; i++) {
          const pixel = changetype<Pixel>(group + i * offsetof<Pixel>());
          copyTile(out + pixel.target + fullBytes, 0, edge + <usize>i * TILE_ROW_BYTES, 0, 1, left);
        }
      }
    }
    if (bias != 0 || activation != 0) finishPixels(out, at, end, columns, bias, activation);
    at = end;
  }
}

/**
 * out[pixel, columns] = (accumulate ? out : 0) + sum over the floats that the pixel reads of float * weights, then + bias
 * and relu, for the pixels of all patches of the unit at hand.
 *
 * @param out - base of the pixels' targets
 * @param source - what the pixels' sources count from
 * @param w - base of the runs' weights
 * @param wStep - bytes between the rows of the weights' storage
 * @param transposed - a row of the storage holds one column's weights, not one float's
 * @param scratch - `PRODUCT_BYTES`
 */
export function productOfUnit(
  out: usize,
  source: usize,
  sweep: Sweep,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  memory.fill(scratch + B_BYTES + EDGE_BYTES, 0, TILE_ROW_BYTES);
  let runs = sweep.runs;
  let resume = accumulate;
  do {
    const runsEnd = packedTogether(runs, sweep.runsEnd);
    const finish = runsEnd == sweep.runsEnd;
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
      const skipped = <usize>j * (transposed ? wStep : 4);
      const panel = packWeights(scratch, w + skipped, wStep, transposed, nc, runs, runsEnd);
      const at = (<usize>j) << 2;
      const biasAt = finish && bias != 0 ? bias + at : 0;
      const activationNow = finish ? activation : 0;
      for (let p = sweep.patches; p != sweep.patchesEnd; p += offsetof<Patch>()) {
        const patch = changetype<Patch>(p);
        const kept = sweep.kept;
        const keptEnd = keepPatch(sweep, runs, runsEnd, patch);
        if (kept == keptEnd) {
          // Nothing but padding is read: the sums stay what they were, or are 0.
          for (let q = patch.pixels; q != patch.pixelsEnd && !resume; q += offsetof<Pixel>()) {
            memory.fill(out + at + changetype<Pixel>(q).target, 0, (<usize>nc) << 2);
          }
          finishPixels(out + at, patch.pixels, patch.pixelsEnd, nc, biasAt, activationNow);
        } else {
          multiplyPatch(
            out + at,
            source,
            patch,
            kept,
            keptEnd,
            panel,
            nc,
            resume,
            biasAt,
            activationNow,
            scratch,
          );
        }
      }
    }
    runs = runsEnd;
    resume = true;
  } while (runs != sweep.runsEnd);
}

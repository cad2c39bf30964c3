// A list of pixels times a list of runs: the matrix product inside the convolutions, its left side read in place.

import { RUN_FLOATS } from "./conv-sweep";
import { Pixel, Run, runTiles } from "./conv-tile";
import { packColumns, packRows } from "./gemm-pack";
import { copyTile, finishTile } from "./gemm-store";
import { nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Columns of a packed block of weights: 256 kB at the longest stretch of runs. */
const BLOCK_COLUMNS: i32 = 256;

const B_BYTES: usize = (<usize>(RUN_FLOATS * BLOCK_COLUMNS)) << 2;
const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;

/** Bytes of scratch of {@link productOverRuns}. */
export const PRODUCT_BYTES: usize = B_BYTES + EDGE_BYTES + 2 * TILE_ROW_BYTES;

/** Panels of the weights of the runs up to `runsEnd`; columns past the edge are filled with zeros. */
function packWeights(
  packed: usize,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  runs: usize,
  runsEnd: usize,
): void {
  const columnStep: usize = transposed ? wStep : 4;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const width = min(columns - j, TILE_COLUMNS);
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
}

/**
 * out[pixel, columns] = (accumulate ? out : 0) + sum over the runs' floats of float * weights, then + bias and relu.
 *
 * @param out - base of the pixels' targets
 * @param source - base of the pixels' sources
 * @param pixels - `pixelCount` {@link Pixel}s
 * @param runs - `runCount` {@link Run}s
 * @param w - base of the runs' weights
 * @param wStep - bytes between the rows of the weights' storage
 * @param transposed - a row of the storage holds one column's weights, not one float's
 * @param scratch - `PRODUCT_BYTES`
 */
export function productOverRuns(
  out: usize,
  source: usize,
  pixels: usize,
  pixelCount: i32,
  runs: usize,
  runCount: i32,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  const edge = scratch + B_BYTES;
  const edgeBias = edge + EDGE_BYTES;
  const zeros = edgeBias + TILE_ROW_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const allRuns = runs + runCount * offsetof<Run>();
  const pixelsEnd = pixels + pixelCount * offsetof<Pixel>();
  let resume = accumulate;
  while (runs != allRuns) {
    let kc = 0;
    let runsEnd = runs;
    do {
      kc += changetype<Run>(runsEnd).length;
      runsEnd += offsetof<Run>();
    } while (runsEnd != allRuns && kc + changetype<Run>(runsEnd).length <= RUN_FLOATS);
    const finish = runsEnd == allRuns && (bias != 0 || activation != 0);
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
      const full = nc / TILE_COLUMNS;
      const left = nc - full * TILE_COLUMNS;
      const wAt = w + <usize>j * (transposed ? wStep : 4);
      packWeights(scratch, wAt, wStep, transposed, nc, runs, runsEnd);
      const outAt = out + ((<usize>j) << 2);
      let rows = 0;
      for (let at = pixels; at != pixelsEnd; at += rows * offsetof<Pixel>()) {
        rows = nextRows(<i32>((pixelsEnd - at) / offsetof<Pixel>()));
        let c0 = outAt + changetype<Pixel>(at).target;
        let c1 = rows > 1 ? outAt + load<i32>(at, 12) : 0;
        let c2 = rows > 2 ? outAt + load<i32>(at, 20) : 0;
        let c3 = rows > 3 ? outAt + load<i32>(at, 28) : 0;
        let biasAt = bias != 0 ? bias + ((<usize>j) << 2) : 0;
        if (full > 0) {
          runTiles(full, rows, c0, c1, c2, c3, resume, zeros, source, at, runs, runsEnd, scratch);
        }
        for (let tile = 0; tile < full; tile++) {
          if (finish) {
            finishTile(1, c0, 0, biasAt, activation);
            if (rows > 1) finishTile(1, c1, 0, biasAt, activation);
            if (rows > 2) finishTile(1, c2, 0, biasAt, activation);
            if (rows > 3) finishTile(1, c3, 0, biasAt, activation);
          }
          c0 += TILE_ROW_BYTES;
          c1 += TILE_ROW_BYTES;
          c2 += TILE_ROW_BYTES;
          c3 += TILE_ROW_BYTES;
          if (biasAt != 0) biasAt += TILE_ROW_BYTES;
        }
        if (left > 0) {
          const e1 = edge + TILE_ROW_BYTES;
          const e2 = e1 + TILE_ROW_BYTES;
          const e3 = e2 + TILE_ROW_BYTES;
          if (resume) {
            copyTile(edge, 0, c0, 0, 1, left);
            if (rows > 1) copyTile(e1, 0, c1, 0, 1, left);
            if (rows > 2) copyTile(e2, 0, c2, 0, 1, left);
            if (rows > 3) copyTile(e3, 0, c3, 0, 1, left);
          }
          const panel = scratch + <usize>(full * kc) * TILE_ROW_BYTES;
          runTiles(1, rows, edge, e1, e2, e3, resume, zeros, source, at, runs, runsEnd, panel);
          if (finish) {
            if (biasAt != 0) {
              memory.copy(edgeBias, biasAt, (<usize>left) << 2);
              biasAt = edgeBias;
            }
            finishTile(rows, edge, TILE_ROW_BYTES, biasAt, activation);
          }
          copyTile(c0, 0, edge, 0, 1, left);
          if (rows > 1) copyTile(c1, 0, e1, 0, 1, left);
          if (rows > 2) copyTile(c2, 0, e2, 0, 1, left);
          if (rows > 3) copyTile(c3, 0, e3, 0, 1, left);
        }
      }
    }
    runs = runsEnd;
    resume = true;
  }
}

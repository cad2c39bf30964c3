// Filter gradient of one unit: for each weight, a sum over the unit's pixels of what it read times the output's gradient.

import { Pixel, Run } from "./conv-tile";
import { packColumns } from "./gemm-pack";
import { copyTile } from "./gemm-store";
import { gemmTiles, nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Pixels summed at once. */
const BLOCK_PIXELS: i32 = 256;
/** Columns of a packed block of the output's gradient: 256 kB. */
const BLOCK_COLUMNS: i32 = 256;

const A_BYTES: usize = <usize>BLOCK_PIXELS * (TILE_ROWS << 2);
const B_BYTES: usize = (<usize>(BLOCK_PIXELS * BLOCK_COLUMNS)) << 2;
const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;

/** Bytes of scratch of {@link filterGrad}. */
export const FILTER_BYTES: usize = A_BYTES + B_BYTES + EDGE_BYTES + TILE_ROW_BYTES;

/** For each pixel, `rows` neighbouring floats from its source on, side by side. */
function gather(panel: usize, source: usize, pixels: usize, count: i32, rows: i32): void {
  const end = pixels + count * offsetof<Pixel>();
  if (rows == 4) {
    for (; pixels != end; pixels += offsetof<Pixel>()) {
      v128.store(panel, v128.load(source + changetype<Pixel>(pixels).source));
      panel += 16;
    }
  } else {
    for (; pixels != end; pixels += offsetof<Pixel>()) {
      const from = source + changetype<Pixel>(pixels).source;
      for (let row = 0; row < rows; row++) {
        store<f32>(panel, load<f32>(from + ((<usize>row) << 2)));
        panel += 4;
      }
    }
  }
}

/**
 * dw[run float, columns] = (accumulate ? dw : 0) + sum over the pixels, in order, of float * dout[pixel, columns].
 *
 * @param dw - base of the runs' weights
 * @param dout - first pixel's row
 * @param step - bytes between the rows of dw, and of dout
 * @param scratch - `FILTER_BYTES`
 */
export function filterGrad(
  dw: usize,
  source: usize,
  pixels: usize,
  pixelCount: i32,
  runs: usize,
  runCount: i32,
  dout: usize,
  step: usize,
  columns: i32,
  accumulate: bool,
  scratch: usize,
): void {
  const packedA = scratch;
  const packedB = packedA + A_BYTES;
  const edge = packedB + B_BYTES;
  const zeros = edge + EDGE_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const runsEnd = runs + runCount * offsetof<Run>();
  const b = TILE_ROW_BYTES;
  let resume = accumulate;
  for (let p = 0; p < pixelCount; p += BLOCK_PIXELS) {
    const kc = min(BLOCK_PIXELS, pixelCount - p);
    const pixelsAt = pixels + p * offsetof<Pixel>();
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
      const full = nc / TILE_COLUMNS;
      const edgeColumns = nc - full * TILE_COLUMNS;
      let from = dout + <usize>p * step + ((<usize>j) << 2);
      let panel = packedB;
      for (let left = nc; left > 0; left -= TILE_COLUMNS) {
        const width = min(left, TILE_COLUMNS);
        if (width < TILE_COLUMNS) memory.fill(panel, 0, <usize>kc * TILE_ROW_BYTES);
        packColumns(panel, TILE_ROW_BYTES, from, step, width, kc);
        from += TILE_ROW_BYTES;
        panel += <usize>kc * TILE_ROW_BYTES;
      }
      for (let at = runs; at != runsEnd; at += offsetof<Run>()) {
        const run = changetype<Run>(at);
        let read = source + run.offset;
        let row = dw + run.weights + ((<usize>j) << 2);
        let rows = 0;
        for (let i = 0; i < run.length; i += rows) {
          rows = nextRows(run.length - i);
          gather(packedA, read, pixelsAt, kc, rows);
          if (full > 0) {
            const next = <usize>kc * b;
            gemmTiles(full, rows, row, step, packedA, 0, 0, packedB, b, next, kc, resume, zeros);
          }
          if (edgeColumns > 0) {
            const c = row + <usize>full * b;
            const last = packedB + <usize>(full * kc) * b;
            if (resume) copyTile(edge, b, c, step, rows, edgeColumns);
            gemmTiles(1, rows, edge, b, packedA, 0, 0, last, b, 0, kc, resume, zeros);
            copyTile(c, step, edge, b, rows, edgeColumns);
          }
          read += (<usize>rows) << 2;
          row += step * rows;
        }
      }
    }
    resume = true;
  }
}

// Filter gradient of one unit: for each weight, a sum over the unit's pixels of what it read times the output's gradient.

import { Pixel, Run } from "./conv-tile";
import { packColumns } from "./gemm-pack";
import { copyTile } from "./gemm-store";
import { gemmTile, nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

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
  let resume = accumulate;
  for (let p = 0; p < pixelCount; p += BLOCK_PIXELS) {
    const kc = min(BLOCK_PIXELS, pixelCount - p);
    const pixelsAt = pixels + p * offsetof<Pixel>();
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
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
          panel = packedB;
          let c = row;
          for (let left = nc; left > 0; left -= TILE_COLUMNS) {
            if (left >= TILE_COLUMNS) {
              const start = resume ? c : zeros;
              const startStep: usize = resume ? step : 0;
              gemmTile(rows, c, step, packedA, 0, 0, panel, TILE_ROW_BYTES, kc, start, startStep);
            } else {
              if (resume) copyTile(edge, TILE_ROW_BYTES, c, step, rows, left);
              const start = resume ? edge : zeros;
              const startStep: usize = resume ? TILE_ROW_BYTES : 0;
              gemmTile(
                rows,
                edge,
                TILE_ROW_BYTES,
                packedA,
                0,
                0,
                panel,
                TILE_ROW_BYTES,
                kc,
                start,
                startStep,
              );
              copyTile(c, step, edge, TILE_ROW_BYTES, rows, left);
            }
            c += TILE_ROW_BYTES;
            panel += <usize>kc * TILE_ROW_BYTES;
          }
          read += (<usize>rows) << 2;
          row += step * rows;
        }
      }
    }
    resume = true;
  }
}

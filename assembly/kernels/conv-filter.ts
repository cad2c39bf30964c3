// Filter gradient of one unit: for each weight, a sum over the unit's pixels of what it read times the output's gradient.

import { Pixel, Run } from "./conv-tile";
import { packBlock } from "./gemm-pack";
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
export const FILTER_BYTES: usize =
  A_BYTES + B_BYTES + EDGE_BYTES + TILE_ROW_BYTES + offsetof<Cursor>();

/** Goes through the floats of runs, one by one. */
@unmanaged
class Cursor {
  run: usize;
  float: i32;

  /** Goes to a float, counted over all runs. */
  seek(runs: usize, float: i32): void {
    while (float >= changetype<Run>(runs).length) {
      float -= changetype<Run>(runs).length;
      runs += offsetof<Run>();
    }
    this.run = runs;
    this.float = float;
  }

  /** Bytes from the pixel's position to the float, then on to the next. */
  next(): i32 {
    const run = changetype<Run>(this.run);
    const offset = run.offset + (this.float << 2);
    if (++this.float == run.length) {
      this.run += offsetof<Run>();
      this.float = 0;
    }
    return offset;
  }
}

/** For each pixel up to `end`, four neighbouring floats from its source on. */
function gatherFour(panel: usize, source: usize, pixels: usize, end: usize): void {
  for (; pixels != end; pixels += offsetof<Pixel>()) {
    v128.store(panel, v128.load(source + changetype<Pixel>(pixels).source));
    panel += 16;
  }
}

/** For each pixel up to `end` the float at its source, `step` bytes apart. */
function gatherOne(panel: usize, step: usize, source: usize, pixels: usize, end: usize): void {
  for (; pixels != end; pixels += offsetof<Pixel>()) {
    store<f32>(panel, load<f32>(source + changetype<Pixel>(pixels).source));
    panel += step;
  }
}

/** For each pixel up to `end` the next `rows` floats at the cursor, side by side. */
function gather(
  panel: usize,
  source: usize,
  pixels: usize,
  end: usize,
  rows: i32,
  cursor: Cursor,
): void {
  const first = changetype<Run>(cursor.run);
  if (rows == 4 && cursor.float + 4 <= first.length) {
    const offset = cursor.next();
    for (let row = 1; row < rows; row++) cursor.next();
    gatherFour(panel, source + offset, pixels, end);
    return;
  }
  const step = (<usize>rows) << 2;
  for (let row = 0; row < rows; row++) {
    gatherOne(panel + ((<usize>row) << 2), step, source + cursor.next(), pixels, end);
  }
}

/**
 * dw[float, columns] = (accumulate ? dw : 0) + sum over the pixels, in order, of float * dout[pixel, columns], for the
 * floats [first, end) of the runs. A tile's rows may belong to two runs.
 *
 * @param dout - first pixel's row
 * @param step - bytes between the rows of dw, and of dout
 * @param scratch - `FILTER_BYTES`
 */
export function filterGrad(
  dw: usize,
  source: usize,
  pixels: usize,
  pixelsEnd: usize,
  runs: usize,
  first: i32,
  end: i32,
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
  const pixelCount = <i32>((pixelsEnd - pixels) / offsetof<Pixel>());
  const cursor = changetype<Cursor>(zeros + TILE_ROW_BYTES);
  const b = TILE_ROW_BYTES;
  let resume = accumulate;
  for (let p = 0; p < pixelCount; p += BLOCK_PIXELS) {
    const kc = min(BLOCK_PIXELS, pixelCount - p);
    const pixelsAt = pixels + p * offsetof<Pixel>();
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
      const full = nc / TILE_COLUMNS;
      const edgeColumns = nc - full * TILE_COLUMNS;
      const from = dout + <usize>p * step + ((<usize>j) << 2);
      packBlock(packedB, <usize>kc * TILE_ROW_BYTES, from, step, false, nc, kc);
      let row = dw + <usize>first * step + ((<usize>j) << 2);
      cursor.seek(runs, first);
      let rows = 0;
      for (let i = first; i < end; i += rows) {
        rows = nextRows(end - i);
        gather(packedA, source, pixelsAt, pixelsAt + kc * offsetof<Pixel>(), rows, cursor);
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
        row += step * rows;
      }
    }
    resume = true;
  }
}

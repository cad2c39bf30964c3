// Copies of matrix parts into the order in which the tiles read them: for each p of k, the
// `width` floats of one panel side by side, `step` bytes apart.

import { TILE_COLUMNS, TILE_ROW_BYTES } from "./gemm-tile";

/**
 * Whole panels from a matrix stored with k along its rows: row p holds the panels' floats one after the other. A cache
 * line of each panel is written at a time, so that what is read lies in a row and no line is written twice.
 */
export function packColumnPanels(
  panel: usize,
  panelBytes: usize,
  panels: i32,
  source: usize,
  sourceStep: usize,
  width: i32,
  k: i32,
): void {
  const step = (<usize>width) << 2;
  const wide = width == 8;
  // Where a line's second and third vector come from: a row of 8 floats, then the next; or four rows of 4.
  const second: usize = wide ? 16 : sourceStep;
  const third: usize = wide ? sourceStep : sourceStep << 1;
  const rows = wide ? 2 : 4;
  for (; k >= rows; k -= rows) {
    let to = panel;
    let from = source;
    for (let left = panels; left > 0; left--) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from + second), 16);
      from += third;
      v128.store(to, v128.load(from), 32);
      v128.store(to, v128.load(from + second), 48);
      from += step - third;
      to += panelBytes;
    }
    panel += 64;
    source += sourceStep * rows;
  }
  if (k == 0) return;
  for (; panels > 0; panels--) {
    packColumns(panel, step, source, sourceStep, width, k);
    panel += panelBytes;
    source += step;
  }
}

/** Panel of any width, `step` bytes apart, from a matrix stored with k along its rows. */
export function packColumns(
  panel: usize,
  step: usize,
  source: usize,
  sourceStep: usize,
  width: i32,
  k: i32,
): void {
  const bytes = (<usize>width) << 2;
  for (; k > 0; k--) {
    let i: usize = 0;
    if (width >= 4) {
      v128.store(panel, v128.load(source));
      i = 16;
    }
    for (; i < bytes; i += 4) store<f32>(panel + i, load<f32>(source + i));
    panel += step;
    source += sourceStep;
  }
}

function packOneRow(panel: usize, step: usize, source: usize, k: i32): void {
  for (; k > 0; k--) {
    store<f32>(panel, load<f32>(source));
    panel += step;
    source += 4;
  }
}

/** Transposes 4 rows of k floats, 4 x 4 floats at a time. */
function packFourRows(panel: usize, step: usize, source: usize, sourceStep: usize, k: i32): void {
  const source1 = source + sourceStep;
  const source2 = source1 + sourceStep;
  const source3 = source2 + sourceStep;
  let p: usize = 0;
  for (; k >= 4; k -= 4) {
    const r0 = v128.load(source + p);
    const r1 = v128.load(source1 + p);
    const r2 = v128.load(source2 + p);
    const r3 = v128.load(source3 + p);
    const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
    const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
    const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
    const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
    v128.store(panel, i64x2.shuffle(low01, low23, 0, 2));
    panel += step;
    v128.store(panel, i64x2.shuffle(low01, low23, 1, 3));
    panel += step;
    v128.store(panel, i64x2.shuffle(high01, high23, 0, 2));
    panel += step;
    v128.store(panel, i64x2.shuffle(high01, high23, 1, 3));
    panel += step;
    p += 16;
  }
  for (; k > 0; k--) {
    store<f32>(panel, load<f32>(source + p));
    store<f32>(panel, load<f32>(source1 + p), 4);
    store<f32>(panel, load<f32>(source2 + p), 8);
    store<f32>(panel, load<f32>(source3 + p), 12);
    panel += step;
    p += 4;
  }
}

/** Panel from a matrix stored with k along its columns: each of the panel's `width` rows is contiguous. */
export function packRows(
  panel: usize,
  step: usize,
  source: usize,
  sourceStep: usize,
  width: i32,
  k: i32,
): void {
  for (; width >= 4; width -= 4) {
    packFourRows(panel, step, source, sourceStep, k);
    panel += 16;
    source += sourceStep << 2;
  }
  for (; width > 0; width--) {
    packOneRow(panel, step, source, k);
    panel += 4;
    source += sourceStep;
  }
}

/**
 * Panels of `TILE_COLUMNS` columns, `panelBytes` apart; columns past the edge are filled with zeros.
 *
 * @param transposed - a stored row holds one column, not one step of k
 */
export function packBlock(
  packed: usize,
  panelBytes: usize,
  source: usize,
  sourceStep: usize,
  transposed: bool,
  columns: i32,
  k: i32,
): void {
  const step = TILE_ROW_BYTES;
  const whole = columns / TILE_COLUMNS;
  if (!transposed && whole > 0) {
    packColumnPanels(packed, panelBytes, whole, source, sourceStep, TILE_COLUMNS, k);
    packed += panelBytes * whole;
    source += step * whole;
    columns -= whole * TILE_COLUMNS;
  }
  for (; columns > 0; columns -= TILE_COLUMNS) {
    const width = min(columns, TILE_COLUMNS);
    if (width < TILE_COLUMNS) memory.fill(packed, 0, <usize>k * step);
    if (transposed) packRows(packed, step, source, sourceStep, width, k);
    else packColumns(packed, step, source, sourceStep, width, k);
    packed += panelBytes;
    source += transposed ? sourceStep << 3 : step;
  }
}

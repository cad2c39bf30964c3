// Copies of matrix parts into the order in which the tiles read them: for each p of k, the
// `width` floats of one panel side by side, `step` bytes apart.

/** Panel from a matrix stored with k along its rows: row p holds the panel's floats contiguously. */
export function packColumns(
  panel: usize,
  step: usize,
  source: usize,
  sourceStep: usize,
  width: i32,
  k: i32,
): void {
  if (width == 8) {
    // Two rows a round: the loop's own instructions are as many as a row's.
    for (; k >= 2; k -= 2) {
      v128.store(panel, v128.load(source));
      v128.store(panel, v128.load(source, 16), 16);
      v128.store(panel + step, v128.load(source + sourceStep));
      v128.store(panel + step, v128.load(source + sourceStep, 16), 16);
      panel += step << 1;
      source += sourceStep << 1;
    }
    for (; k > 0; k--) {
      v128.store(panel, v128.load(source));
      v128.store(panel, v128.load(source, 16), 16);
      panel += step;
      source += sourceStep;
    }
  } else if (width == 4) {
    for (; k > 0; k--) {
      v128.store(panel, v128.load(source));
      panel += step;
      source += sourceStep;
    }
  } else {
    for (; k > 0; k--) {
      for (let i = 0; i < width; i++) {
        store<f32>(panel + ((<usize>i) << 2), load<f32>(source + ((<usize>i) << 2)));
      }
      panel += step;
      source += sourceStep;
    }
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

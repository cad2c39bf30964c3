// What becomes of a tile's sums in c: bias, relu, and tiles that hang over the edge.

/** Copies the first columns of a tile's rows, for tiles that hang over the edge of c. */
export function copyTile(
  to: usize,
  toStep: usize,
  from: usize,
  fromStep: usize,
  rows: i32,
  columns: i32,
): void {
  for (; rows > 0; rows--) {
    memory.copy(to, from, (<usize>columns) << 2);
    to += toStep;
    from += fromStep;
  }
}

/** Adds the bias row to a finished tile and cuts it off below zero. */
export function finishTile(rows: i32, c: usize, cStep: usize, bias: usize, activation: i32): void {
  for (; rows > 0; rows--) {
    let low = v128.load(c);
    let high = v128.load(c, 16);
    if (bias != 0) {
      low = f32x4.add(low, v128.load(bias));
      high = f32x4.add(high, v128.load(bias, 16));
    }
    if (activation == 1) {
      const zero = f32x4.splat(0);
      low = f32x4.max(low, zero);
      high = f32x4.max(high, zero);
    }
    v128.store(c, low);
    v128.store(c, high, 16);
    c += cStep;
  }
}

/** The same for a row of any number of columns. */
export function finishRow(c: usize, columns: i32, bias: usize, activation: i32): void {
  const bytes = (<usize>columns) << 2;
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

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

/** Adds the bias to a finished row of any number of columns and cuts it off below zero. */
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

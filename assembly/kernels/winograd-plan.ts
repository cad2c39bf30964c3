// Which convolutions are worth Winograd's transforms, and with tiles of which size.
//
// Error bound, held against float64 by tests/kernels/conv.test.ts: 8 roundings (2^-24) of the largest input times the sum
// of the magnitudes of an output's weights; about twice the error of the direct way.

import { ConvShape } from "./conv-shape";

/** What transforming one value costs, in multiply-adds of a product. */
const VALUE_COST: i32 = 11;
/** Fewer channels on either side are not worth the transforms. */
const LEAST_CHANNELS: i32 = 8;

/** Pictures no larger than one tile of 2 x 2 do not repay their filters' transforms, which only tiles share. */
const ONE_TILE: i32 = 2;

/** Tiles that cover `length` pixels, `size` to each. */
export function tileCount(length: i32, size: i32): i32 {
  return (length + size - 1) / size;
}

function cost(s: ConvShape, rows: i32, columns: i32, size: i32): f64 {
  const values = tileCount(rows, size) * tileCount(columns, size) * (size + 2) * (size + 2);
  const inputs = <f64>s.channels;
  const outputs = <f64>s.outChannels;
  return <f64>values * (inputs * outputs + VALUE_COST * (inputs + outputs));
}

/**
 * Outputs along a tile's side, 2 or 4, or 0 for the direct way. `rows` and `columns` are those of what is computed in
 * tiles. Never depends on the batch, so a picture's bits do not either.
 */
export function winogradSize(s: ConvShape, rows: i32, columns: i32): i32 {
  if (s.kernelHeight != 3 || s.kernelWidth != 3 || s.groups != 1) return 0;
  if ((s.strideY | s.strideX | s.dilationY | s.dilationX) != 1) return 0;
  if (min(s.channels, s.outChannels) < LEAST_CHANNELS || max(rows, columns) <= ONE_TILE) return 0;
  const direct = <f64>(rows * columns * 9) * <f64>s.channels * <f64>s.outChannels;
  const two = cost(s, rows, columns, 2);
  const four = cost(s, rows, columns, 4);
  if (min(two, four) > direct) return 0;
  return two <= four ? 2 : 4;
}

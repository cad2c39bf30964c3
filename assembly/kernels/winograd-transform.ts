// Two-dimensional transforms of Winograd's convolutions: a one-dimensional step down the columns, then along the rows.

import { Filter2, FilterGrad2, Input2, Output2, OutputGrad2 } from "./winograd-2x2";
import { Filter4, FilterGrad4, Input4, Output4, OutputGrad4 } from "./winograd-4x4";

/** Bytes from one value of a small square to the next: room for a vector. */
export const VALUE_BYTES: usize = 16;
/** Bytes of the largest square of values. */
export const SQUARE_BYTES: usize = 36 * VALUE_BYTES;

/** The step S down the columns of `from`, then along the rows of what came out, in T: four channels, or one. */
function transform<S, T>(
  from: usize,
  rowStep: usize,
  columnStep: usize,
  to: usize,
  toRowStep: usize,
  toColumnStep: usize,
  temporary: usize,
): void {
  const step = changetype<S>(0);
  const width = VALUE_BYTES * step.ins();
  for (let x: usize = 0; x < width; x += VALUE_BYTES) {
    step.run<T>(from, rowStep, temporary + x, width);
    from += columnStep;
  }
  for (let y = 0; y < step.outs(); y++) {
    step.run<T>(temporary, VALUE_BYTES, to, toColumnStep);
    temporary += width;
    to += toRowStep;
  }
}

/** `size` outputs a side from a tile of (size + 2) x (size + 2); the results of a row lie `step` bytes apart. */
export function transformInput<T>(
  size: i32,
  from: usize,
  rowStep: usize,
  columnStep: usize,
  to: usize,
  step: usize,
  temporary: usize,
): void {
  if (size == 4) transform<Input4, T>(from, rowStep, columnStep, to, 6 * step, step, temporary);
  else transform<Input2, T>(from, rowStep, columnStep, to, 4 * step, step, temporary);
}

export function transformFilter<T>(
  size: i32,
  from: usize,
  tapStep: usize,
  to: usize,
  step: usize,
  temporary: usize,
): void {
  if (size == 4) transform<Filter4, T>(from, 3 * tapStep, tapStep, to, 6 * step, step, temporary);
  else transform<Filter2, T>(from, 3 * tapStep, tapStep, to, 4 * step, step, temporary);
}

/** To a square of `size` x `size` values, `VALUE_BYTES` apart. */
export function transformOutput<T>(
  size: i32,
  from: usize,
  step: usize,
  to: usize,
  temporary: usize,
): void {
  const row = VALUE_BYTES * size;
  if (size == 4) transform<Output4, T>(from, 6 * step, step, to, row, VALUE_BYTES, temporary);
  else transform<Output2, T>(from, 4 * step, step, to, row, VALUE_BYTES, temporary);
}

export function transformOutputGrad<T>(
  size: i32,
  from: usize,
  rowStep: usize,
  columnStep: usize,
  to: usize,
  step: usize,
  temporary: usize,
): void {
  if (size == 4) {
    transform<OutputGrad4, T>(from, rowStep, columnStep, to, 6 * step, step, temporary);
  } else transform<OutputGrad2, T>(from, rowStep, columnStep, to, 4 * step, step, temporary);
}

/** To 3 x 3 taps, `tapStep` bytes apart. */
export function transformFilterGrad<T>(
  size: i32,
  from: usize,
  step: usize,
  to: usize,
  tapStep: usize,
  temporary: usize,
): void {
  const row = 3 * tapStep;
  if (size == 4) transform<FilterGrad4, T>(from, 6 * step, step, to, row, tapStep, temporary);
  else transform<FilterGrad2, T>(from, 4 * step, step, to, row, tapStep, temporary);
}

/** How a window of convolution or pooling slides along one axis. */
import { ShapeError } from "../engine/errors.ts";
import { wholeNumber } from "../engine/whole-number.ts";

/** One number for both axes, or one each. */
export type Pair = number | readonly [y: number, x: number];

/** Zeros before and after an axis: so many on each side, or as many as make ceil(length / stride) positions. */
export type Padding = Pair | "same";

export interface WindowOptions {
  stride?: Pair;
  padding?: Padding;
  dilation?: Pair;
}

/** One axis of a window, ready for the core. */
export interface Window {
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
}

/**
 * Checks one axis. With "same", the odd element of the padding goes behind.
 *
 * @param axis - 0 for y, 1 for x
 * @throws {OptionError} if a setting is no whole number in range
 * @throws {ShapeError} if the axis, padded, is shorter than the window, or empty
 */
export function planWindow(
  where: string,
  axis: 0 | 1,
  length: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions,
): Window {
  const step = wholeNumber(`${where}: Cannot use the stride`, pick(stride, axis), 1);
  const spread = wholeNumber(`${where}: Cannot use the dilation`, pick(dilation, axis), 1);
  const span = (kernel - 1) * spread + 1;
  let before: number;
  let after: number;
  if (padding === "same") {
    const total = Math.max(0, (Math.ceil(length / step) - 1) * step + span - length);
    before = Math.floor(total / 2);
    after = total - before;
  } else {
    before = wholeNumber(`${where}: Cannot use the padding`, pick(padding, axis), 0);
    after = before;
  }
  const least = Math.max(1, span - before - after);
  if (length < least) {
    throw new ShapeError(
      `${where}: Cannot fit the window: expected a ${axis === 0 ? "height" : "width"} of at least ${least}, got ${length}`,
    );
  }
  return { stride: step, before, after, dilation: spread };
}

export function pick(pair: Pair, axis: 0 | 1): number {
  return typeof pair === "number" ? pair : pair[axis];
}

import { OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { type Padding, type Pair, pick, planWindow, type Window } from "./window.ts";

export interface PoolOptions {
  /** Default: the window's size, so that windows touch. */
  stride?: Pair;
  /** Default 0; below the window's size. */
  padding?: Padding;
}

/**
 * The greatest value of each window, per channel: x[n, height, width, channels] -> [n, outHeight, outWidth, channels],
 * outHeight = floor((height + padding - size) / stride) + 1. Padding is never the greatest. Of equal values the first in
 * row order takes the gradient; NaN stays NaN.
 *
 * @param size - of the window, one number or [y, x]
 * @throws {ShapeError} if x has not 4 axes, or the window is larger than the padded image
 * @throws {OptionError} if size, stride or padding is no whole number in range
 */
export function maxPool2d(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  const pointer = x.engine.core.maxPool2d(x.pointer, ...slide("maxPool2d", x, size, options));
  return x.engine.wrap(pointer);
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as zeros; else the mean is over the part of the window inside the image. Default true. */
  countPadding?: boolean;
}

/**
 * The mean of each window, per channel; shapes as in {@link maxPool2d}.
 *
 * @param size - of the window, one number or [y, x]
 * @throws {ShapeError} if x has not 4 axes, or the window is larger than the padded image
 * @throws {OptionError} if size, stride or padding is no whole number in range
 */
export function avgPool2d(
  x: Tensor,
  size: Pair,
  { countPadding = true, ...options }: AvgPoolOptions = {},
): Tensor {
  const sliding = slide("avgPool2d", x, size, options);
  return x.engine.wrap(x.engine.core.avgPool2d(x.pointer, ...sliding, Number(countPadding)));
}

/**
 * The mean over all positions, per channel: x[n, .., channels] -> [n, channels].
 *
 * @throws {ShapeError} if x has fewer than 3 axes or no position
 */
export function globalAvgPool(x: Tensor): Tensor {
  checkOperands("globalAvgPool", x);
  if (x.rank < 3 || x.shape.slice(1, -1).includes(0)) {
    throw shapeError("globalAvgPool", "Cannot average", "[n, positions, .., channels]", x);
  }
  return x.engine.wrap(x.engine.core.globalAvgPool(x.pointer));
}

/** The core's arguments: kernel, stride and padding of both axes. */
type Sliding = [
  kernelHeight: number,
  kernelWidth: number,
  strideY: number,
  strideX: number,
  padTop: number,
  padBottom: number,
  padLeft: number,
  padRight: number,
];

function slide(
  where: string,
  x: Tensor,
  size: Pair,
  { stride = size, padding = 0 }: PoolOptions,
): Sliding {
  checkOperands(where, x);
  if (x.rank !== 4) {
    throw shapeError(where, "Cannot pool", "x [n, height, width, channels]", x);
  }
  const plan = (axis: 0 | 1): Window & { kernel: number } => {
    const kernel = wholeNumber(`${where}: Cannot use the window's size`, pick(size, axis), 1);
    const length = x.shape[axis + 1] as number;
    const window = planWindow(where, axis, length, kernel, { stride, padding });
    if (window.before >= kernel) {
      throw new OptionError(
        `${where}: Cannot use the padding: expected less than the window's size ${kernel}, got ${window.before}`,
      );
    }
    return { kernel, ...window };
  };
  const y = plan(0);
  const across = plan(1);
  return [
    y.kernel,
    across.kernel,
    y.stride,
    across.stride,
    y.before,
    y.after,
    across.before,
    across.after,
  ];
}

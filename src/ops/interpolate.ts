import { OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { type Pair, pick } from "./window.ts";

export interface InterpolateOptions {
  /** `bilinear`: the four nearest values, by distance; `nearest`: one of them, unchanged. Default `bilinear`. */
  mode?: "bilinear" | "nearest";
}

/**
 * Pictures in another size: x[n, height, width, channels] -> [n, newHeight, newWidth, channels].
 *
 * Positions as in PyTorch's `interpolate` with `align_corners=False`: pixels are areas, and the borders of both pictures
 * coincide. To make pictures much smaller, pool before: only the nearest values count.
 *
 * @param size - [newHeight, newWidth], or one number for both
 * @throws {ShapeError} if x has not 4 axes, or pictures without pixels
 * @throws {OptionError} if a length is no whole number >= 1, or there is no such mode
 */
export function interpolate(
  x: Tensor,
  size: Pair,
  { mode = "bilinear" }: InterpolateOptions = {},
): Tensor {
  checkOperands("interpolate", x);
  const [, height, width] = x.shape;
  if (x.rank !== 4 || height === 0 || width === 0) {
    throw shapeError("interpolate", "Cannot resize", "x [n, height, width, channels]", x);
  }
  if (mode !== "bilinear" && mode !== "nearest") {
    throw new OptionError(
      `interpolate: Cannot use mode "${mode}": expected "bilinear" or "nearest", got "${mode}"`,
    );
  }
  const lengths = ([0, 1] as const).map((axis) =>
    wholeNumber("interpolate: Cannot use the size", pick(size, axis), 1),
  ) as [number, number];
  const linear = Number(mode === "bilinear");
  return x.engine.wrap(x.engine.core.interpolate(x.pointer, ...lengths, linear));
}

/** Reductions along one axis or all. All throw OptionError if x is not f32 and ShapeError if it has no such axis. */
import { formatShape, ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { unary } from "./elementwise.ts";

export interface ReductionOptions {
  /** Axis to reduce; negative ones count from the last. Default: all axes. */
  axis?: number;
  /** Keeps what is reduced as an axis of length 1. Default: false. */
  keepDims?: boolean;
}

type Reduction = (x: number, axis: number, keepDims: number) => number;

/** Sum; 0 of nothing. Added in an order that depends on the lengths alone. @throws {ShapeError} */
export function sum(x: Tensor, options?: ReductionOptions): Tensor {
  return reduce("sum", x.engine.core.sum, x, options);
}

/** Mean; NaN of nothing. @throws {ShapeError} */
export function mean(x: Tensor, options?: ReductionOptions): Tensor {
  return reduce("mean", x.engine.core.mean, x, options);
}

/** Greatest element; -infinity of nothing, NaN if one is. The first greatest gets the gradient. @throws {ShapeError} */
export function max(x: Tensor, options?: ReductionOptions): Tensor {
  return reduce("max", x.engine.core.max, x, options);
}

/** ln(sum of e^x), without overflow; -infinity of nothing. @throws {ShapeError} */
export function logSumExp(x: Tensor, options?: ReductionOptions): Tensor {
  return reduce("logSumExp", x.engine.core.logSumExp, x, options);
}

/**
 * Position (i32) of the first greatest element; NaN counts as the least. No gradient.
 *
 * @throws {ShapeError} also if there is nothing to choose from
 */
export function argmax(x: Tensor, options?: ReductionOptions): Tensor {
  const { axis } = options ?? {};
  const length = axis === undefined ? x.size : x.shape.at(axis);
  if (length === 0) {
    throw new ShapeError(
      `argmax: Cannot choose from nothing: expected a length >= 1, got shape ${formatShape(x.shape)}`,
    );
  }
  return reduce("argmax", x.engine.core.argmax, x, options);
}

function reduce(
  where: string,
  op: Reduction,
  x: Tensor,
  { axis, keepDims = false }: ReductionOptions = {},
): Tensor {
  const along = axis === undefined ? -1 : axisOf(where, x, axis);
  return unary(where, x, op(x.pointer, along, Number(keepDims)));
}

/** Axis counted from the first. @throws {ShapeError} if x has no such axis */
export function axisOf(where: string, x: Tensor, axis: number): number {
  const { rank } = x;
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  const wanted = rank === 0 ? "none, as a scalar has no axes" : `${-rank} to ${rank - 1}`;
  throw new ShapeError(
    `${where}: Cannot use axis ${axis} of shape ${formatShape(x.shape)}: expected ${wanted}, got ${axis}`,
  );
}

/** Ops that move, repeat or rename elements. They take f32 and i32 unless they say otherwise. */
import { F64, TENSOR_DTYPE } from "../engine/abi.ts";
import { formatShape, OptionError, ShapeError } from "../engine/errors.ts";
import { shapeSize, type Tensor } from "../engine/tensor.ts";
import { shapeError } from "./checks.ts";
import { unary } from "./elementwise.ts";
import { axisOf } from "./reduction.ts";

/**
 * x with another shape, on the same data. One length may be -1: it is what remains.
 *
 * @throws {ShapeError} if the sizes differ
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const rest = known === 0 ? 0 : x.size / known;
  const lengths = shape.map((length) => (length === -1 ? rest : length));
  const fits = shape.filter((length) => length === -1).length <= 1 && Number.isInteger(rest);
  if (!fits || shapeSize("reshape", lengths) !== x.size) {
    throw new ShapeError(
      `reshape: Cannot reshape ${formatShape(x.shape)} to ${formatShape(shape)}: expected ${x.size} elements, got ${known}`,
    );
  }
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0] = lengths;
  const { core } = x.engine;
  return x.engine.wrap(core.reshape(x.pointer, lengths.length, d0, d1, d2, d3, d4, d5));
}

/** x as a constant, on the same data: no gradient flows back. */
export function stopGradient(x: Tensor): Tensor {
  return x.engine.wrap(x.engine.core.stopGradient(x.pointer));
}

/**
 * x with its axes in another order: axis k of the result is axis `axes[k]` of x. Default: reversed.
 *
 * @throws {ShapeError} if `axes` does not name each axis of x once
 */
export function permute(x: Tensor, axes?: readonly number[]): Tensor {
  const order = axes ?? x.shape.map((_, axis) => x.rank - 1 - axis);
  const named = new Set(order.filter((axis) => Number.isInteger(axis) && axis >= 0));
  if (order.length !== x.rank || named.size !== x.rank || Math.max(-1, ...named) >= x.rank) {
    const all = x.shape.map((_, axis) => axis);
    throw new ShapeError(
      `permute: Cannot reorder the axes of ${formatShape(x.shape)}: expected an order of ${formatShape(all)}, got ${formatShape(order)}`,
    );
  }
  checkWords("permute", x);
  const packed = order.reduce((bits, axis, k) => bits | (axis << (4 * k)), 0);
  return x.engine.wrap(x.engine.core.permute(x.pointer, packed));
}

/**
 * x repeated to a shape, as operands of arithmetic are; f32 only.
 *
 * @throws {ShapeError} if a length of x is neither 1 nor the wanted one
 */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  shapeSize("broadcastTo", shape);
  const skip = shape.length - x.rank;
  if (skip < 0 || x.shape.some((length, axis) => length !== 1 && length !== shape[axis + skip])) {
    const expected = `lengths equal or 1 to those of ${formatShape(shape)} from the last axis`;
    throw shapeError("broadcastTo", "Cannot repeat", expected, x);
  }
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0] = shape;
  const { core } = x.engine;
  const result = core.broadcastTo(x.pointer, shape.length, d0, d1, d2, d3, d4, d5);
  return unary("broadcastTo", x, result);
}

/**
 * Positions `start` to `end - 1` of x along an axis, copied. Negative positions count from the end.
 *
 * @param end - default: the length of the axis
 * @throws {ShapeError} if the axis is missing or the range does not lie in it
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const along = axisOf("slice", x, axis);
  const length = x.shape[along] as number;
  const from = start < 0 ? start + length : start;
  const to = end === undefined ? length : end < 0 ? end + length : end;
  const whole = Number.isInteger(from) && Number.isInteger(to);
  if (!whole || from < 0 || to > length || from > to) {
    throw new ShapeError(
      `slice: Cannot cut axis ${axis} of ${formatShape(x.shape)}: expected 0 <= start <= end <= ${length}, got ${start} to ${end}`,
    );
  }
  checkWords("slice", x);
  return x.engine.wrap(x.engine.core.slice(x.pointer, along, from, to));
}

/**
 * Tensors one after another along an axis.
 *
 * @throws {ShapeError} if there is none, or they differ in a length other than that of the axis
 * @throws {OptionError} if they differ in type or engine
 */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) {
    throw new ShapeError("concat: Cannot join tensors: expected at least 1, got 0");
  }
  const { engine } = first;
  const along = axisOf("concat", first, axis);
  for (const part of parts) {
    checkWords("concat", part);
    if (part.engine !== engine || part.field(TENSOR_DTYPE) !== first.field(TENSOR_DTYPE)) {
      throw new OptionError(
        "concat: Cannot join tensors: expected one engine and one type, got several",
      );
    }
    const same = part.shape.every((length, i) => i === along || length === first.shape[i]);
    if (part.rank !== first.rank || !same) {
      throw shapeError("concat", "Cannot join", `equal lengths but for axis ${axis}`, first, part);
    }
  }
  const pointers = parts.map((part) => part.pointer);
  const list = engine.tensor(pointers, [pointers.length], { dtype: "i32" });
  return engine.wrap(engine.core.concat(list.pointer, along));
}

/** @throws {OptionError} if the elements are not 32 bits wide */
function checkWords(where: string, x: Tensor): void {
  if (x.field(TENSOR_DTYPE) !== F64) return;
  throw new OptionError(`${where}: Cannot move elements: expected type f32 or i32, got f64`);
}

/** Crossing into the core for elementwise ops: it returns 0 for operands that it cannot take; only then do we look why. */
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";

/** Wraps the result of an op with one input. @throws {OptionError} if x is not f32 */
export function unary(where: string, x: Tensor, result: number): Tensor {
  if (result === 0) checkOperands(where, x);
  return x.engine.wrap(result);
}

/** An op's export of the core. */
type Binary = (a: number, b: number) => number;

/**
 * Calls an op with two inputs that broadcast.
 *
 * @throws {OptionError} if one is not f32, or they are of two engines
 * @throws {ShapeError} if their shapes do not fit
 */
export function binary(where: string, op: Binary, a: Tensor, b: Tensor | number): Tensor {
  const other = typeof b === "number" ? a.engine.scalar(b) : b;
  if (a.engine !== other.engine) checkOperands(where, a, other);
  const result = op(a.pointer, other.pointer);
  if (result === 0) {
    checkOperands(where, a, other);
    throw shapeError(where, "Cannot broadcast", "lengths equal or 1 from the last axis", a, other);
  }
  return a.engine.wrap(result);
}

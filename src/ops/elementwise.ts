/** Crossing into the core for elementwise ops: it returns 0 for operands that it cannot take; only then do we look why. */
import type { ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";

/** Wraps the result of an op with one input. @throws {OptionError} if x is not f32 */
export function unary(where: string, x: Tensor, result: number): Tensor {
  if (result === 0) checkOperands(where, x);
  return x.engine.wrap(result);
}

/** The second operand's address; a number becomes a scalar of the core. @throws {OptionError} if it is another engine's */
export function operand(where: string, a: Tensor, b: Tensor | number): number {
  if (typeof b === "number") return a.engine.core.newNumber(b);
  if (a.engine !== b.engine) checkOperands(where, a, b);
  return b.pointer;
}

/**
 * Wraps the result of an op with two inputs that broadcast. Each op calls the core itself: a call that always reaches the
 * same function costs 5 ns less than one shared by all ops.
 *
 * @throws {OptionError} if one is not f32
 * @throws {ShapeError} if their shapes do not fit
 */
export function binary(where: string, a: Tensor, b: Tensor | number, result: number): Tensor {
  if (result === 0) throw misfit(where, a, typeof b === "number" ? a.engine.scalar(b) : b);
  return a.engine.wrap(result);
}

function misfit(where: string, a: Tensor, b: Tensor): ShapeError {
  checkOperands(where, a, b);
  return shapeError(where, "Cannot broadcast", "lengths equal or 1 from the last axis", a, b);
}

/**
 * Arithmetic on two operands. They broadcast as in NumPy: axes are matched from the last, an axis of length 1 or a
 * missing one repeats; a number serves as a scalar. Gradients of what repeats are summed.
 *
 * All throw ShapeError if the shapes do not fit, OptionError if an operand is not f32 or is of another engine.
 */
import type { Tensor } from "../engine/tensor.ts";
import { binary, operand } from "./elementwise.ts";

/** a + b. @throws {ShapeError} */
export function add(a: Tensor, b: Tensor | number): Tensor {
  return binary("add", a, b, a.engine.core.add(a.pointer, operand("add", a, b)));
}

/** a - b. @throws {ShapeError} */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  return binary("sub", a, b, a.engine.core.sub(a.pointer, operand("sub", a, b)));
}

/** a b. @throws {ShapeError} */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  return binary("mul", a, b, a.engine.core.mul(a.pointer, operand("mul", a, b)));
}

/** a / b; division by zero as in IEEE 754. @throws {ShapeError} */
export function div(a: Tensor, b: Tensor | number): Tensor {
  return binary("div", a, b, a.engine.core.div(a.pointer, operand("div", a, b)));
}

/** The greater of a and b, NaN if either is. Where both are equal each gets half of the gradient. @throws {ShapeError} */
export function maximum(a: Tensor, b: Tensor | number): Tensor {
  return binary("maximum", a, b, a.engine.core.maximum(a.pointer, operand("maximum", a, b)));
}

/** The lesser of a and b, NaN if either is. Where both are equal each gets half of the gradient. @throws {ShapeError} */
export function minimum(a: Tensor, b: Tensor | number): Tensor {
  return binary("minimum", a, b, a.engine.core.minimum(a.pointer, operand("minimum", a, b)));
}

/**
 * Arithmetic on two operands. They broadcast as in NumPy: axes are matched from the last, an axis of length 1 or a
 * missing one repeats; a number serves as a scalar. Gradients of what repeats are summed.
 *
 * All throw ShapeError if the shapes do not fit, OptionError if an operand is not f32 or is of another engine.
 */
import type { Tensor } from "../engine/tensor.ts";
import { binary } from "./elementwise.ts";

/** a + b. @throws {ShapeError} */
export function add(a: Tensor, b: Tensor | number): Tensor {
  return binary("add", a.engine.core.add, a, b);
}

/** a - b. @throws {ShapeError} */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  return binary("sub", a.engine.core.sub, a, b);
}

/** a b. @throws {ShapeError} */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  return binary("mul", a.engine.core.mul, a, b);
}

/** a / b; division by zero as in IEEE 754. @throws {ShapeError} */
export function div(a: Tensor, b: Tensor | number): Tensor {
  return binary("div", a.engine.core.div, a, b);
}

/** The greater of a and b, NaN if either is. Where both are equal each gets half of the gradient. @throws {ShapeError} */
export function maximum(a: Tensor, b: Tensor | number): Tensor {
  return binary("maximum", a.engine.core.maximum, a, b);
}

/** The lesser of a and b, NaN if either is. Where both are equal each gets half of the gradient. @throws {ShapeError} */
export function minimum(a: Tensor, b: Tensor | number): Tensor {
  return binary("minimum", a.engine.core.minimum, a, b);
}

/** Elementary functions, elementwise. NaN passes through. All throw OptionError if x is not f32. */
import type { Tensor } from "../engine/tensor.ts";
import { unary } from "./elementwise.ts";

/** -x. */
export function neg(x: Tensor): Tensor {
  return unary("neg", x, x.engine.core.neg(x.pointer));
}

/** |x|. Gradient 0 at 0. */
export function abs(x: Tensor): Tensor {
  return unary("abs", x, x.engine.core.abs(x.pointer));
}

/** x^2. */
export function square(x: Tensor): Tensor {
  return unary("square", x, x.engine.core.square(x.pointer));
}

/** Square root, correctly rounded; NaN of negative numbers. Gradient infinite at 0. */
export function sqrt(x: Tensor): Tensor {
  return unary("sqrt", x, x.engine.core.sqrt(x.pointer));
}

/** e^x within 1 ulp; infinity above 88.72, 0 below -87.33 (no denormals). */
export function exp(x: Tensor): Tensor {
  return unary("exp", x, x.engine.core.exp(x.pointer));
}

/** Natural logarithm within 2 ulp; -infinity at 0, NaN of negative numbers; denormals count as 2^-126. */
export function log(x: Tensor): Tensor {
  return unary("log", x, x.engine.core.log(x.pointer));
}

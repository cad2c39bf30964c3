/** Activations, elementwise. NaN passes through. All throw OptionError if x is not f32. */
import type { Tensor } from "../engine/tensor.ts";
import { unary } from "./elementwise.ts";

/** max(x, 0). Gradient 0 at 0. */
export function relu(x: Tensor): Tensor {
  return unary("relu", x, x.engine.core.relu(x.pointer));
}

/** Hyperbolic tangent within 5 ulp. */
export function tanh(x: Tensor): Tensor {
  return unary("tanh", x, x.engine.core.tanh(x.pointer));
}

/** 1 / (1 + e^-x) within 3 ulp; 0 where that is below the least normal number. */
export function sigmoid(x: Tensor): Tensor {
  return unary("sigmoid", x, x.engine.core.sigmoid(x.pointer));
}

/**
 * x Phi(x) with the distribution function of the normal distribution, by the error function (no tanh approximation).
 * Error below 3e-7 max(1, |x|); NaN at -infinity.
 *
 * Source: Hendrycks and Gimpel, Gaussian error linear units (2016).
 */
export function gelu(x: Tensor): Tensor {
  return unary("gelu", x, x.engine.core.gelu(x.pointer));
}

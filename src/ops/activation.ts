import type { Tensor } from "../engine/tensor.ts";

/** max(x, 0), elementwise. Gradient 0 at 0; NaN passes through. */
export function relu(x: Tensor): Tensor {
  return x.engine.wrap(x.engine.core.relu(x.pointer));
}

/** Comparisons: 1 where they hold, else 0 (so with NaN). They broadcast, and are constants: no gradient flows. */
import type { Tensor } from "../engine/tensor.ts";
import { binary } from "./elementwise.ts";

/** a > b. @throws {ShapeError} */
export function greater(a: Tensor, b: Tensor | number): Tensor {
  return binary("greater", a.engine.core.greater, a, b);
}

/** a < b. @throws {ShapeError} */
export function less(a: Tensor, b: Tensor | number): Tensor {
  return binary("less", a.engine.core.less, a, b);
}

/** a = b. @throws {ShapeError} */
export function equal(a: Tensor, b: Tensor | number): Tensor {
  return binary("equal", a.engine.core.equal, a, b);
}

import { combine } from "../binary";
import { greater as greaterLanes, splat } from "../lanes";
import { Tensor } from "../tensor";

/** y = 1 where a > b, else 0; no gradient. */
@unmanaged
class Greater {
  value<T>(a: T, b: T): T {
    return greaterLanes<T>(a, b, splat<T>(1), splat<T>(0));
  }
}

export function greater(a: Tensor, b: Tensor): Tensor | null {
  return combine<Greater>(a, b);
}

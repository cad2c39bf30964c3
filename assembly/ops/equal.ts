import { combine } from "../binary";
import { equal as equalLanes, splat } from "../lanes";
import { Tensor } from "../tensor";

/** y = 1 where a = b, else 0; no gradient. */
@unmanaged
class Equal {
  value<T>(a: T, b: T): T {
    return equalLanes<T>(a, b, splat<T>(1), splat<T>(0));
  }
}

export function equal(a: Tensor, b: Tensor): Tensor | null {
  return combine<Equal>(a, b);
}

import { combine } from "../binary";
import { greater, splat } from "../lanes";
import { Tensor } from "../tensor";

/** y = 1 where a < b, else 0; no gradient. */
@unmanaged
class Less {
  value<T>(a: T, b: T): T {
    return greater<T>(b, a, splat<T>(1), splat<T>(0));
  }
}

export function less(a: Tensor, b: Tensor): Tensor | null {
  return combine<Less>(a, b);
}

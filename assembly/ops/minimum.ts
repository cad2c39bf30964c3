import { binary, binaryBackward } from "../binary";
import { equal, greater, min, mul, splat } from "../lanes";
import { BinaryNode } from "../tape";
import { Tensor } from "../tensor";

/** y = min(a, b); dy goes to the lesser, half to each where both are equal. */
@unmanaged
class Minimum {
  value<T>(a: T, b: T): T {
    return min<T>(a, b);
  }
}

@unmanaged
class Gradient {
  resultUnread(): void {}

  gradient<T>(dy: T, own: T, other: T, _y: T): T {
    return greater<T>(other, own, dy, equal<T>(own, other, mul<T>(dy, splat<T>(0.5)), splat<T>(0)));
  }
}

export function minimum(a: Tensor, b: Tensor): Tensor | null {
  return binary<Minimum>(a, b, minimumBackward.index);
}

function minimumBackward(node: BinaryNode): void {
  binaryBackward<Gradient, Gradient>(node);
}

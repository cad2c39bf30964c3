import { binary, binaryBackward } from "../binary";
import { equal, greater, max, mul, splat } from "../lanes";
import { BinaryNode } from "../tape";
import { Tensor } from "../tensor";

/** y = max(a, b); dy goes to the greater, half to each where both are equal. */
@unmanaged
class Maximum {
  value<T>(a: T, b: T): T {
    return max<T>(a, b);
  }
}

@unmanaged
class Gradient {
  resultUnread(): void {}

  gradient<T>(dy: T, own: T, other: T, _y: T): T {
    return greater<T>(own, other, dy, equal<T>(own, other, mul<T>(dy, splat<T>(0.5)), splat<T>(0)));
  }
}

export function maximum(a: Tensor, b: Tensor): Tensor | null {
  return binary<Maximum>(a, b, maximumBackward.index);
}

function maximumBackward(node: BinaryNode): void {
  binaryBackward<Gradient, Gradient>(node);
}

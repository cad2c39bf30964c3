import { binary, binaryBackward } from "../binary";
import { div as divLanes, mul, neg } from "../lanes";
import { BinaryNode } from "../tape";
import { Tensor } from "../tensor";

/** y = a / b; da = dy / b, db = -dy y / b. */
@unmanaged
class Div {
  value<T>(a: T, b: T): T {
    return divLanes<T>(a, b);
  }
}

@unmanaged
class GradientOfA {
  gradient<T>(dy: T, _own: T, other: T, _y: T): T {
    return divLanes<T>(dy, other);
  }
}

@unmanaged
class GradientOfB {
  gradient<T>(dy: T, own: T, _other: T, y: T): T {
    return neg<T>(divLanes<T>(mul<T>(dy, y), own));
  }
}

export function div(a: Tensor, b: Tensor): Tensor | null {
  return binary<Div>(a, b, divBackward.index);
}

function divBackward(node: BinaryNode): void {
  binaryBackward<GradientOfA, GradientOfB>(node);
}

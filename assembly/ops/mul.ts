import { binary, binaryBackward } from "../binary";
import { mul as mulLanes } from "../lanes";
import { BinaryNode } from "../tape";
import { Tensor } from "../tensor";

/** y = a b; da = dy b, db = dy a. */
@unmanaged
class Mul {
  value<T>(a: T, b: T): T {
    return mulLanes<T>(a, b);
  }
}

@unmanaged
class Gradient {
  resultUnread(): void {}

  gradient<T>(dy: T, _own: T, other: T, _y: T): T {
    return mulLanes<T>(dy, other);
  }
}

export function mul(a: Tensor, b: Tensor): Tensor | null {
  return binary<Mul>(a, b, mulBackward.index);
}

function mulBackward(node: BinaryNode): void {
  binaryBackward<Gradient, Gradient>(node);
}

import { abs as absLanes, greater, keepGreater, neg, splat } from "../lanes";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = |x|; dx = dy sign(x), 0 at 0. */
@unmanaged
class Abs {
  value<T>(x: T): T {
    return absLanes<T>(x);
  }

  gradient<T>(dy: T, x: T, _y: T): T {
    return greater<T>(x, splat<T>(0), dy, keepGreater<T>(splat<T>(0), x, neg<T>(dy)));
  }
}

export function abs(x: Tensor): Tensor | null {
  return unary<Abs>(x, absBackward.index);
}

function absBackward(node: UnaryNode): void {
  unaryBackward<Abs>(node);
}

import { neg as negLanes } from "../lanes";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = -x; dx = -dy. */
@unmanaged
class Neg {
  value<T>(x: T): T {
    return negLanes<T>(x);
  }

  gradient<T>(dy: T, _x: T, _y: T): T {
    return negLanes<T>(dy);
  }
}

export function neg(x: Tensor): Tensor | null {
  return unary<Neg>(x, negBackward.index);
}

function negBackward(node: UnaryNode): void {
  unaryBackward<Neg>(node);
}

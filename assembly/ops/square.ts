import { add, mul } from "../lanes";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = x^2; dx = 2 dy x. */
@unmanaged
class Square {
  value<T>(x: T): T {
    return mul<T>(x, x);
  }

  gradient<T>(dy: T, x: T, _y: T): T {
    return mul<T>(dy, add<T>(x, x));
  }
}

export function square(x: Tensor): Tensor | null {
  return unary<Square>(x, squareBackward.index);
}

function squareBackward(node: UnaryNode): void {
  unaryBackward<Square>(node);
}

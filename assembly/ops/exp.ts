import { mul } from "../lanes";
import { Exp } from "../math";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = e^x; dx = dy y. */
@unmanaged
class ExpOp {
  @inline
  value<T>(x: T): T {
    return Exp.of<T>(x);
  }

  @inline
  gradient<T>(dy: T, _x: T, y: T): T {
    return mul<T>(dy, y);
  }
}

export function exp(x: Tensor): Tensor | null {
  return unary<ExpOp>(x, expBackward.index);
}

function expBackward(node: UnaryNode): void {
  unaryBackward<ExpOp>(node);
}

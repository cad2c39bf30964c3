import { mul, splat, sub } from "../lanes";
import { Tanh } from "../math";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = tanh x; dx = dy (1 - y^2). */
@unmanaged
class TanhOp {
  @inline
  value<T>(x: T): T {
    return Tanh.of<T>(x);
  }

  @inline
  gradient<T>(dy: T, _x: T, y: T): T {
    return mul<T>(dy, sub<T>(splat<T>(1), mul<T>(y, y)));
  }
}

export function tanh(x: Tensor): Tensor | null {
  return unary<TanhOp>(x, tanhBackward.index);
}

function tanhBackward(node: UnaryNode): void {
  unaryBackward<TanhOp>(node);
}

import { mul, splat, sub } from "../lanes";
import { Sigmoid } from "../math";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = 1 / (1 + e^-x); dx = dy y (1 - y). */
@unmanaged
class SigmoidOp {
  @inline
  value<T>(x: T): T {
    return Sigmoid.of<T>(x);
  }

  @inline
  gradient<T>(dy: T, _x: T, y: T): T {
    return mul<T>(dy, mul<T>(y, sub<T>(splat<T>(1), y)));
  }
}

export function sigmoid(x: Tensor): Tensor | null {
  return unary<SigmoidOp>(x, sigmoidBackward.index);
}

function sigmoidBackward(node: UnaryNode): void {
  unaryBackward<SigmoidOp>(node);
}

import { div } from "../lanes";
import { Log } from "../math";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = ln x; dx = dy / x. */
@unmanaged
class LogOp {
  @inline
  value<T>(x: T): T {
    return Log.of<T>(x);
  }

  @inline
  gradient<T>(dy: T, x: T, _y: T): T {
    return div<T>(dy, x);
  }
}

export function log(x: Tensor): Tensor | null {
  return unary<LogOp>(x, logBackward.index);
}

function logBackward(node: UnaryNode): void {
  unaryBackward<LogOp>(node);
}

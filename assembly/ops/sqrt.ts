import { add, div, sqrt as sqrtLanes } from "../lanes";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = sqrt(x); dx = dy / (2 y), so infinite at 0. */
@unmanaged
class Sqrt {
  value<T>(x: T): T {
    return sqrtLanes<T>(x);
  }

  gradient<T>(dy: T, _x: T, y: T): T {
    return div<T>(dy, add<T>(y, y));
  }
}

export function sqrt(x: Tensor): Tensor | null {
  return unary<Sqrt>(x, sqrtBackward.index);
}

function sqrtBackward(node: UnaryNode): void {
  unaryBackward<Sqrt>(node);
}

import { keepGreater, max, splat } from "../lanes";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = max(x, 0); dx = dy where x > 0, else 0 (so 0 at 0). */
@unmanaged
class Relu {
  value<T>(x: T): T {
    return max<T>(x, splat<T>(0));
  }

  gradient<T>(dy: T, x: T, _y: T): T {
    return keepGreater<T>(x, splat<T>(0), dy);
  }
}

export function relu(x: Tensor): Tensor | null {
  return unary<Relu>(x, reluBackward.index);
}

function reluBackward(node: UnaryNode): void {
  unaryBackward<Relu>(node);
}

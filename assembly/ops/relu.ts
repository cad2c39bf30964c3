import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** y = max(x, 0); dx = dy where x > 0, else 0 (so 0 at 0). */
@unmanaged
class Relu {
  v(x: v128): v128 {
    return f32x4.max(x, f32x4.splat(0));
  }

  s(x: f32): f32 {
    return max<f32>(x, 0);
  }

  dv(dy: v128, x: v128, _y: v128): v128 {
    return v128.and(dy, f32x4.gt(x, f32x4.splat(0)));
  }

  ds(dy: f32, x: f32, _y: f32): f32 {
    return x > 0 ? dy : 0;
  }
}

export function relu(x: Tensor): Tensor {
  return unary<Relu>(x, reluBackward.index);
}

function reluBackward(node: UnaryNode): void {
  unaryBackward<Relu>(node);
}

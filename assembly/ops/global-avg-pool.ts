import { gradBuffer, hasGrad } from "../gradient";
import { f32_global_avg_pool, f32_global_avg_pool_dx } from "../kernels/pool-average";
import { recordUnary, UnaryNode } from "../tape";
import { newMatrix, Tensor } from "../tensor";

/** out[n, channels] = the mean over all axes of x[n, .., channels] in between. dx = dout / their elements. */
export function globalAvgPool(x: Tensor): Tensor {
  const last = x.rank - 1;
  const out = newMatrix(x.dim0, x.dim(last));
  f32_global_avg_pool(out.data, x.data, x.dim0, x.span(1, last), x.dim(last));
  recordUnary(out, x, globalAvgPoolBackward.index);
  return out;
}

function globalAvgPoolBackward(node: UnaryNode): void {
  const x = node.x;
  const last = x.rank - 1;
  const add = hasGrad(x);
  const dx = gradBuffer(x);
  f32_global_avg_pool_dx(dx, node.out.grad, x.dim0, x.span(1, last), x.dim(last), add);
}

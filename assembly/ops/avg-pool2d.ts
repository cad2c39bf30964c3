import { gradBuffer, hasGrad } from "../gradient";
import { f32_avg_pool2d, f32_avg_pool2d_dx } from "../kernels/pool-average";
import { newPooled, PoolNode, poolShape } from "../pool";
import { record, records } from "../tape";
import { Tensor } from "../tensor";

@unmanaged
class AvgPoolNode extends PoolNode {
  countPadding: bool;
}

/**
 * out = the mean of each window of x[n, height, width, channels]: over its whole size with `countPadding`, else over its
 * part inside x. Each value of that part gets an equal share of dout.
 */
export function avgPool2d(
  x: Tensor,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  padTop: i32,
  padBottom: i32,
  padLeft: i32,
  padRight: i32,
  countPadding: bool,
): Tensor {
  const shape = poolShape(
    x,
    kernelHeight,
    kernelWidth,
    strideY,
    strideX,
    padTop,
    padBottom,
    padLeft,
    padRight,
  );
  const out = newPooled(x, shape);
  f32_avg_pool2d(out.data, x.data, countPadding, changetype<usize>(shape));
  if (records(x)) {
    const node = record<AvgPoolNode>(out, avgPool2dBackward.index);
    node.x = x;
    node.shape = shape;
    node.countPadding = countPadding;
  }
  return out;
}

function avgPool2dBackward(node: AvgPoolNode): void {
  const x = node.x;
  const add = hasGrad(x);
  const shape = changetype<usize>(node.shape);
  f32_avg_pool2d_dx(gradBuffer(x), node.out.grad, node.countPadding, add, shape);
}

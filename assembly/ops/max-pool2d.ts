import { gradBuffer, hasGrad } from "../gradient";
import { f32_max_pool2d, f32_max_pool2d_dx } from "../kernels/pool-max";
import { allocArena } from "../memory";
import { newPooled, PoolNode, poolShape } from "../pool";
import { record, records } from "../tape";
import { dataBytes, Tensor } from "../tensor";

@unmanaged
class MaxPoolNode extends PoolNode {
  /** i32 of out's size: where in x each maximum stands. */
  argmax: usize;
}

/** out = the greatest value of each window of x[n, height, width, channels]; of equal ones the first takes dout. */
export function maxPool2d(
  x: Tensor,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  padTop: i32,
  padBottom: i32,
  padLeft: i32,
  padRight: i32,
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
  const argmax = allocArena(dataBytes(out.dtype, out.size));
  f32_max_pool2d(out.data, argmax, x.data, changetype<usize>(shape));
  if (records(x)) {
    const node = record<MaxPoolNode>(out, maxPool2dBackward.index);
    node.x = x;
    node.shape = shape;
    node.argmax = argmax;
  }
  return out;
}

function maxPool2dBackward(node: MaxPoolNode): void {
  const x = node.x;
  const out = node.out;
  const add = hasGrad(x);
  f32_max_pool2d_dx(
    gradBuffer(x),
    out.grad,
    node.argmax,
    x.dim0,
    x.span(1, x.rank),
    out.span(1, out.rank),
    add,
  );
}

import { gradBuffer, hasGrad } from "../gradient";
import { accumulate } from "../kernels/accumulate";
import { recordUnary, UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { newView } from "../view";

/** y = x with another shape of the same size, on the same data; dx = dy. */
export function reshape(
  x: Tensor,
  rank: i32,
  dim0: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  dim5: i32,
): Tensor {
  const out = newView(x, rank);
  out.dim0 = dim0;
  out.dim1 = dim1;
  out.dim2 = dim2;
  out.dim3 = dim3;
  out.dim4 = dim4;
  out.dim5 = dim5;
  recordUnary(out, x, reshapeBackward.index);
  return out;
}

function reshapeBackward(node: UnaryNode): void {
  const sum = hasGrad(node.x);
  accumulate(gradBuffer(node.x), node.out.grad, node.x.size, sum);
}

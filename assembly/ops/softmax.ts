import { gradBuffer, hasGrad } from "../gradient";
import { dotRow } from "../kernels/reduce";
import { rowSoftmax, rowSoftmaxGrad } from "../kernels/softmax";
import { recordUnary, UnaryNode } from "../tape";
import { newLike, Tensor } from "../tensor";

/** out = exp(x) / sum of exp(x) over the last axis. dx = out (dout - sum of dout out). */
export function softmax(x: Tensor): Tensor {
  const out = newLike(x);
  const n = x.dim(x.rank - 1);
  const step = (<usize>n) << 2;
  const end = (<usize>x.size) << 2;
  for (let at: usize = 0; at < end; at += step) rowSoftmax(out.data + at, x.data + at, n);
  recordUnary(out, x, softmaxBackward.index);
  return out;
}

function softmaxBackward(node: UnaryNode): void {
  const x = node.x;
  const out = node.out;
  const add = hasGrad(x);
  const dx = gradBuffer(x);
  const n = x.dim(x.rank - 1);
  const step = (<usize>n) << 2;
  const end = (<usize>x.size) << 2;
  for (let at: usize = 0; at < end; at += step) {
    const dy = out.grad + at;
    const y = out.data + at;
    rowSoftmaxGrad(dx + at, dy, y, dotRow(dy, y, n), n, add);
  }
}

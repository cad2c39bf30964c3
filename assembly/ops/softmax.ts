import { gradBuffer, hasGrad } from "../gradient";
import { dotRow } from "../kernels/reduce";
import { rowSoftmax, rowSoftmaxGrad } from "../kernels/softmax";
import { newShare, runShared, Share } from "../share";
import { recordUnary, UnaryNode } from "../tape";
import { newLike, Tensor } from "../tensor";

/** The rows at work, as all threads read them. */
@unmanaged
class SoftmaxShare extends Share {
  x: usize;
  y: usize;
  dx: usize;
  dy: usize;
  n: i32;
  sum: bool;
}

/** out = exp(x) / sum of exp(x) over the last axis. dx = out (dout - sum of dout out). */
export function softmax(x: Tensor): Tensor {
  const out = newLike(x);
  const n = x.dim(x.rank - 1);
  const share = newShare<SoftmaxShare>();
  share.x = x.data;
  share.y = out.data;
  share.n = n;
  runShared<Forward, SoftmaxShare>(share, x.span(0, x.rank - 1), x.size);
  recordUnary(out, x, softmaxBackward.index);
  return out;
}

@unmanaged
class Forward {
  run(share: SoftmaxShare, first: i32, end: i32, _thread: i32): void {
    const n = share.n;
    for (let row = first; row < end; row++) {
      const at = (<usize>row * n) << 2;
      rowSoftmax(share.y + at, share.x + at, n);
    }
  }
}

function softmaxBackward(node: UnaryNode): void {
  const x = node.x;
  const out = node.out;
  const add = hasGrad(x);
  const dx = gradBuffer(x);
  const share = newShare<SoftmaxShare>();
  share.y = out.data;
  share.n = x.dim(x.rank - 1);
  share.dx = dx;
  share.dy = out.grad;
  share.sum = add;
  runShared<Backward, SoftmaxShare>(share, x.span(0, x.rank - 1), x.size);
}

@unmanaged
class Backward {
  run(share: SoftmaxShare, first: i32, end: i32, _thread: i32): void {
    const n = share.n;
    for (let row = first; row < end; row++) {
      const at = (<usize>row * n) << 2;
      const dy = share.dy + at;
      const y = share.y + at;
      rowSoftmaxGrad(share.dx + at, dy, y, dotRow(dy, y, n), n, share.sum);
    }
  }
}

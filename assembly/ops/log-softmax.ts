import { gradBuffer, hasGrad } from "../gradient";
import { maxRow, sumExpRow, sumRow } from "../kernels/reduce";
import { rowMap } from "../kernels/rows";
import { mul, sub } from "../lanes";
import { Exp, Log } from "../math";
import { recordUnary, UnaryNode } from "../tape";
import { newLike, Tensor } from "../tensor";

/** (x - greatest) - log of the sum: the first difference is exact where it is small. */
@unmanaged
class TwiceShifted {
  term<T>(a: T, _b: T, p: T, q: T, _r: T): T {
    return sub<T>(sub<T>(a, p), q);
  }
}

@unmanaged
class LogSoftmaxGradient {
  term<T>(a: T, b: T, p: T, _q: T, _r: T): T {
    return sub<T>(a, mul<T>(Exp.of<T>(b), p));
  }
}

/** out = x - log of the sum of exp(x) over the last axis. dx = dout - exp(out) sum of dout. */
export function logSoftmax(x: Tensor): Tensor {
  const out = newLike(x);
  const n = x.dim(x.rank - 1);
  const step = (<usize>n) << 2;
  const end = (<usize>x.size) << 2;
  for (let at: usize = 0; at < end; at += step) {
    const row = x.data + at;
    const greatest = maxRow(row, n);
    const logSum = Log.of<f32>(sumExpRow(row, greatest, n));
    rowMap<TwiceShifted>(out.data + at, row, row, greatest, logSum, 0, n, false);
  }
  recordUnary(out, x, logSoftmaxBackward.index);
  return out;
}

function logSoftmaxBackward(node: UnaryNode): void {
  const x = node.x;
  const out = node.out;
  const add = hasGrad(x);
  const dx = gradBuffer(x);
  const n = x.dim(x.rank - 1);
  const step = (<usize>n) << 2;
  const end = (<usize>x.size) << 2;
  for (let at: usize = 0; at < end; at += step) {
    const dy = out.grad + at;
    rowMap<LogSoftmaxGradient>(dx + at, dy, out.data + at, sumRow(dy, n), 0, 0, n, add);
  }
}

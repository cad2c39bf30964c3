import { gradBuffer, hasGrad } from "../gradient";
import { maxRow, sumOf } from "../kernels/reduce";
import { rowMap, rowScale } from "../kernels/rows";
import { rowExp } from "../kernels/softmax";
import { equal, mul, read, splat, sub } from "../lanes";
import { Log } from "../math";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { Node, record, records } from "../tape";
import { allocData, copyDims, dataBytes, newRecord, Tensor } from "../tensor";

@unmanaged
class EntropyNode extends Node {
  x: Tensor;
  /** softmax(x), of x's shape. */
  p: usize;
  /** Per row: the greatest x and the mean of x - greatest under p. */
  moments: usize;
}

/** p (x - greatest), 0 where p is 0, even if x is -infinity. */
@unmanaged
class WeightedDeviation {
  term<T>(x: usize, p: usize, _c: usize, greatest: T): T {
    const zero = splat<T>(0);
    const weight = read<T>(p);
    return equal<T>(weight, zero, zero, mul<T>(weight, sub<T>(read<T>(x), greatest)));
  }
}

@unmanaged
class EntropyGradient {
  term<T>(a: T, b: T, p: T, q: T, r: T): T {
    const zero = splat<T>(0);
    const deviation = sub<T>(sub<T>(a, p), q);
    return equal<T>(b, zero, zero, mul<T>(mul<T>(b, deviation), r));
  }
}

/**
 * out[..] = Shannon entropy in nats of p = softmax(x[.., n]) over the last axis.
 *
 * With d = x - max x: out = log of the sum of exp(d) - sum of p d, two terms >= 0, so no bits cancel.
 * dx = -dout p (d - sum of p d).
 */
export function entropy(x: Tensor): Tensor {
  const last = x.rank - 1;
  const n = x.dim(last);
  const rows = x.span(0, last);
  const out = newRecord(x.dtype, last);
  copyDims(out, x);
  out.setDim(last, 0);
  allocData(out);
  const recorded = records(x);
  const mark = pushMark<Mark>();
  const p = allocArena(dataBytes(x.dtype, x.size));
  const moments = allocArena((<usize>rows) << 3);
  for (let i = 0; i < rows; i++) {
    const at = (<usize>(i * n)) << 2;
    const row = x.data + at;
    const greatest = maxRow(row, n);
    const sum = rowExp(p + at, row, greatest, n);
    rowScale(p + at, p + at, 1 / sum, n, false);
    const mean = sumOf<WeightedDeviation>(row, p + at, row, greatest, n);
    store<f32>(moments + ((<usize>i) << 3), greatest);
    store<f32>(moments + ((<usize>i) << 3), mean, 4);
    store<f32>(out.data + ((<usize>i) << 2), n == 0 ? 0 : Log.of<f32>(sum) - mean);
  }
  if (recorded) {
    const node = record<EntropyNode>(out, entropyBackward.index);
    node.x = x;
    node.p = p;
    node.moments = moments;
  } else rewind(mark);
  return out;
}

function entropyBackward(node: EntropyNode): void {
  const x = node.x;
  const add = hasGrad(x);
  const dx = gradBuffer(x);
  const n = x.dim(x.rank - 1);
  const rows = x.span(0, x.rank - 1);
  for (let i = 0; i < rows; i++) {
    const at = (<usize>(i * n)) << 2;
    const greatest = load<f32>(node.moments + ((<usize>i) << 3));
    const mean = load<f32>(node.moments + ((<usize>i) << 3), 4);
    const scale = -load<f32>(node.out.grad + ((<usize>i) << 2));
    rowMap<EntropyGradient>(dx + at, x.data + at, node.p + at, greatest, mean, scale, n, add);
  }
}

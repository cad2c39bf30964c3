import { NO_ACTIVATION, product } from "../product";
import { BinaryNode, gradBuffer, gradSum, hasGrad, record, records } from "../tape";
import { allocData, newRecord, Tensor } from "../tensor";

@unmanaged
class MatmulNode extends BinaryNode {
  transA: bool;
  transB: bool;
}

/** Bytes from one matrix of the batch to the next; 0 for a matrix that the whole batch shares. */
function batchStep(x: Tensor, batchRank: i32): usize {
  return x.rank == 2 && batchRank > 0 ? 0 : (<usize>(x.dim(x.rank - 2) * x.dim(x.rank - 1))) << 2;
}

/**
 * out[.., m, n] = op(a)[.., m, k] op(b)[.., k, n], where op transposes the last two axes if its flag is set.
 *
 * Leading axes are equal, or one operand has rank 2 and serves the whole batch. Backward: da = dout op(b)' and
 * db = op(a)' dout, transposed where the operand was; a shared operand adds over the batch in ascending order.
 */
export function matmul(a: Tensor, b: Tensor, transA: bool, transB: bool): Tensor {
  const m = a.dim(a.rank - (transA ? 1 : 2));
  const k = a.dim(a.rank - (transA ? 2 : 1));
  const n = b.dim(b.rank - (transB ? 2 : 1));
  const wide = a.rank >= b.rank ? a : b;
  const batchRank = wide.rank - 2;
  const out = newRecord(a.dtype, wide.rank);
  for (let axis = 0; axis < batchRank; axis++) out.setDim(axis, wide.dim(axis));
  out.setDim(batchRank, m);
  out.setDim(batchRank + 1, n);
  allocData(out);
  const batch = wide.span(0, batchRank);
  const aStep = batchStep(a, batchRank);
  const bStep = batchStep(b, batchRank);
  const outStep = (<usize>(m * n)) << 2;
  for (let i = 0; i < batch; i++) {
    const at = <usize>i;
    product(
      out.data + at * outStep,
      a.data + at * aStep,
      b.data + at * bStep,
      m,
      n,
      k,
      transA,
      transB,
      false,
      0,
      NO_ACTIVATION,
    );
  }
  if (records(a) || records(b)) {
    const node = record<MatmulNode>(out, matmulBackward.index);
    node.a = a;
    node.b = b;
    node.transA = transA;
    node.transB = transB;
  }
  return out;
}

function matmulBackward(node: MatmulNode): void {
  const a = node.a;
  const b = node.b;
  const out = node.out;
  const transA = node.transA;
  const transB = node.transB;
  const batchRank = out.rank - 2;
  const batch = out.span(0, batchRank);
  const m = out.dim(batchRank);
  const n = out.dim(batchRank + 1);
  const k = a.dim(a.rank - (transA ? 2 : 1));
  const aStep = batchStep(a, batchRank);
  const bStep = batchStep(b, batchRank);
  const outStep = (<usize>(m * n)) << 2;
  if (a.requiresGrad) {
    const add = hasGrad(a) || aStep == 0;
    const da = aStep == 0 ? gradSum(a) : gradBuffer(a);
    for (let i = 0; i < batch; i++) {
      const at = <usize>i;
      const dout = out.grad + at * outStep;
      const bi = b.data + at * bStep;
      const dai = da + at * aStep;
      if (transA) product(dai, bi, dout, k, m, n, transB, true, add, 0, NO_ACTIVATION);
      else product(dai, dout, bi, m, k, n, false, !transB, add, 0, NO_ACTIVATION);
    }
  }
  if (b.requiresGrad) {
    const add = hasGrad(b) || bStep == 0;
    const db = bStep == 0 ? gradSum(b) : gradBuffer(b);
    for (let i = 0; i < batch; i++) {
      const at = <usize>i;
      const dout = out.grad + at * outStep;
      const ai = a.data + at * aStep;
      const dbi = db + at * bStep;
      if (transB) product(dbi, dout, ai, n, k, m, true, transA, add, 0, NO_ACTIVATION);
      else product(dbi, ai, dout, k, n, m, !transA, false, add, 0, NO_ACTIVATION);
    }
  }
}

import { gradBuffer, gradSum, hasGrad } from "../gradient";
import { batchedProduct } from "../product";
import { BinaryNode, record, records } from "../tape";
import { allocData, newRecord, Tensor } from "../tensor";

@unmanaged
class MatmulNode extends BinaryNode {
  transA: bool;
  transB: bool;
}

/** Floats from one matrix of the batch to the next; 0 for a matrix that a batch of `batchRank` axes shares. */
function strideOf(x: Tensor, batchRank: i32): i32 {
  return x.rank == 2 && batchRank > 0 ? 0 : x.span(x.rank - 2, x.rank);
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
  const strideA = strideOf(a, batchRank);
  const strideB = strideOf(b, batchRank);
  batchedProduct(
    out.data,
    a.data,
    b.data,
    batch,
    m * n,
    strideA,
    strideB,
    m,
    n,
    k,
    transA,
    transB,
    false,
  );
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
  const as = strideOf(a, batchRank);
  const bs = strideOf(b, batchRank);
  const os = m * n;
  const dout = out.grad;
  if (a.requiresGrad) {
    const shared = as == 0;
    const add = shared || hasGrad(a);
    const da = shared ? gradSum(a) : gradBuffer(a);
    if (transA) batchedProduct(da, b.data, dout, batch, as, bs, os, k, m, n, transB, true, add);
    else batchedProduct(da, dout, b.data, batch, as, os, bs, m, k, n, false, !transB, add);
  }
  if (b.requiresGrad) {
    const shared = bs == 0;
    const add = shared || hasGrad(b);
    const db = shared ? gradSum(b) : gradBuffer(b);
    if (transB) batchedProduct(db, dout, a.data, batch, bs, os, as, n, k, m, true, transA, add);
    else batchedProduct(db, a.data, dout, batch, bs, as, os, k, n, m, !transA, false, add);
  }
}

import { MAX_RANK } from "../../src/engine/abi";
import { gradBuffer, hasGrad } from "../gradient";
import { newShare, runShared, Share } from "../share";
import { record, records, UnaryNode } from "../tape";
import { allocData, newRecord, Tensor } from "../tensor";

@unmanaged
class PermuteNode extends UnaryNode {
  axes: i32;
}

/** Bytes between neighbours of x along each axis of the result. */
const STRIDES = memory.data(<i32>MAX_RANK * 4);

/** Axis of x that becomes axis `axis` of the result: 4 bits each, the first lowest. */
function sourceAxis(axes: i32, axis: i32): i32 {
  return (axes >> (axis << 2)) & 15;
}

function setStrides(x: Tensor, axes: i32): void {
  for (let axis = 0; axis < x.rank; axis++) {
    const stride = x.span(sourceAxis(axes, axis) + 1, x.rank) << 2;
    store<i32>(STRIDES + ((<usize>axis) << 2), stride);
  }
}

function strideOf(axis: i32): usize {
  return load<i32>(STRIDES + ((<usize>axis) << 2));
}

/** y = x with axis `axes[k]` of x as its axis k (4 bits each, the first lowest); dy goes back the same way. */
export function permute(x: Tensor, axes: i32): Tensor {
  const out = newRecord(x.dtype, x.rank);
  for (let axis = 0; axis < x.rank; axis++) out.setDim(axis, x.dim(sourceAxis(axes, axis)));
  allocData(out);
  setStrides(x, axes);
  move<Gather>(out, out.data, x.data, false);
  if (records(x)) {
    const node = record<PermuteNode>(out, permuteBackward.index);
    node.x = x;
    node.axes = axes;
  }
  return out;
}

/** The permutation at work, cut along the result's first axis. */
@unmanaged
class PermuteShare extends Share {
  out: Tensor;
  /** Data of the result or its gradient, and of x or its. */
  result: usize;
  source: usize;
  sum: bool;
}

function move<F>(out: Tensor, result: usize, source: usize, sum: bool): void {
  const share = newShare<PermuteShare>();
  share.out = out;
  share.result = result;
  share.source = source;
  share.sum = sum;
  runShared<F, PermuteShare>(share, out.rank > 0 ? out.dim0 : 1, out.size);
}

@unmanaged
class Gather {
  run(share: PermuteShare, first: i32, end: i32, _thread: i32): void {
    const out = share.out;
    let to = share.result + out.span(1, out.rank) * (first << 2);
    for (let i = first; i < end; i++) {
      to = gather(out, min(1, out.rank), to, share.source + strideOf(0) * i);
    }
  }
}

@unmanaged
class Scatter {
  run(share: PermuteShare, first: i32, end: i32, _thread: i32): void {
    const out = share.out;
    let from = share.result + out.span(1, out.rank) * (first << 2);
    for (let i = first; i < end; i++) {
      from = scatter(out, min(1, out.rank), from, share.source + strideOf(0) * i, share.sum);
    }
  }
}

/** Fills axes `axis` and later of the result, row-major; returns where it stopped. */
function gather(out: Tensor, axis: i32, to: usize, from: usize): usize {
  if (axis == out.rank) {
    store<i32>(to, load<i32>(from));
    return to + 4;
  }
  const n = out.dim(axis);
  const stride = strideOf(axis);
  if (axis == out.rank - 1) {
    for (let i = 0; i < n; i++, from += stride, to += 4) store<i32>(to, load<i32>(from));
  } else {
    for (let i = 0; i < n; i++, from += stride) to = gather(out, axis + 1, to, from);
  }
  return to;
}

function permuteBackward(node: PermuteNode): void {
  const x = node.x;
  setStrides(x, node.axes);
  const sum = hasGrad(x);
  move<Scatter>(node.out, node.out.grad, gradBuffer(x), sum);
}

/** Adds the gradient of axes `axis` and later of the result to x's; returns where it stopped reading. */
function scatter(out: Tensor, axis: i32, from: usize, to: usize, sum: bool): usize {
  if (axis == out.rank) {
    store<f32>(to, sum ? load<f32>(to) + load<f32>(from) : load<f32>(from));
    return from + 4;
  }
  const n = out.dim(axis);
  const stride = strideOf(axis);
  if (axis == out.rank - 1) {
    for (let i = 0; i < n; i++, to += stride, from += 4) {
      store<f32>(to, sum ? load<f32>(to) + load<f32>(from) : load<f32>(from));
    }
  } else {
    for (let i = 0; i < n; i++, to += stride) from = scatter(out, axis + 1, from, to, sum);
  }
  return from;
}

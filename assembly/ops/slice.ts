import { gradSum } from "../gradient";
import { accumulate } from "../kernels/accumulate";
import { record, records, UnaryNode } from "../tape";
import { allocData, copyDims, newRecord, Tensor } from "../tensor";

@unmanaged
class SliceNode extends UnaryNode {
  axis: i32;
  start: i32;
}

/** y = positions `start` to `end - 1` of x along an axis, copied; dx = dy there, 0 elsewhere. */
export function slice(x: Tensor, axis: i32, start: i32, end: i32): Tensor {
  const out = newRecord(x.dtype, x.rank);
  copyDims(out, x);
  out.setDim(axis, end - start);
  allocData(out);
  const outer = x.span(0, axis);
  const stride = (<usize>x.span(axis, x.rank)) << 2;
  const block = (<usize>out.span(axis, x.rank)) << 2;
  let from = x.data + ((<usize>(start * x.span(axis + 1, x.rank))) << 2);
  let to = out.data;
  for (let o = 0; o < outer; o++, from += stride, to += block) memory.copy(to, from, block);
  if (records(x)) {
    const node = record<SliceNode>(out, sliceBackward.index);
    node.x = x;
    node.axis = axis;
    node.start = start;
  }
  return out;
}

function sliceBackward(node: SliceNode): void {
  const x = node.x;
  const out = node.out;
  const axis = node.axis;
  const outer = x.span(0, axis);
  const stride = (<usize>x.span(axis, x.rank)) << 2;
  const block = out.span(axis, x.rank);
  let to = gradSum(x) + ((<usize>(node.start * x.span(axis + 1, x.rank))) << 2);
  let from = out.grad;
  for (let o = 0; o < outer; o++, to += stride, from += (<usize>block) << 2) {
    accumulate(to, from, block, true);
  }
}

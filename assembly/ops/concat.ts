import { gradBuffer, hasGrad } from "../gradient";
import { accumulate } from "../kernels/accumulate";
import { Node, record, records } from "../tape";
import { allocData, copyDims, newRecord, Tensor } from "../tensor";

@unmanaged
class ConcatNode extends Node {
  /** i32 tensor of records. */
  parts: Tensor;
  axis: i32;
}

function partAt(parts: Tensor, index: i32): Tensor {
  return load<Tensor>(parts.data + ((<usize>index) << 2));
}

/**
 * y = the parts one after another along an axis, dy is cut into theirs. `parts` holds the addresses of at least one
 * record; all have the same type of 4 bytes and the same lengths but for the axis.
 */
export function concat(parts: Tensor, axis: i32): Tensor {
  const first = partAt(parts, 0);
  const out = newRecord(first.dtype, first.rank);
  copyDims(out, first);
  let length = 0;
  let recorded = false;
  for (let i = 0; i < parts.size; i++) {
    const part = partAt(parts, i);
    length += part.dim(axis);
    recorded = recorded || records(part);
  }
  out.setDim(axis, length);
  allocData(out);
  const outer = out.span(0, axis);
  const stride = (<usize>out.span(axis, out.rank)) << 2;
  let start = out.data;
  for (let i = 0; i < parts.size; i++) {
    const part = partAt(parts, i);
    const block = (<usize>part.span(axis, part.rank)) << 2;
    let from = part.data;
    let to = start;
    for (let o = 0; o < outer; o++, from += block, to += stride) memory.copy(to, from, block);
    start += block;
  }
  if (recorded) {
    const node = record<ConcatNode>(out, concatBackward.index);
    node.parts = parts;
    node.axis = axis;
  }
  return out;
}

function concatBackward(node: ConcatNode): void {
  const out = node.out;
  const axis = node.axis;
  const outer = out.span(0, axis);
  const stride = (<usize>out.span(axis, out.rank)) << 2;
  let start = out.grad;
  for (let i = 0; i < node.parts.size; i++) {
    const part = partAt(node.parts, i);
    const block = part.span(axis, part.rank);
    if (part.requiresGrad) {
      const sum = hasGrad(part);
      let to = gradBuffer(part);
      let from = start;
      for (let o = 0; o < outer; o++, from += stride, to += (<usize>block) << 2) {
        accumulate(to, from, block, sum);
      }
    }
    start += (<usize>block) << 2;
  }
}

/** What the ops that pick rows by index share: i32 index tensors, checked by the host. */
import { Node } from "./tape";
import { Tensor } from "./tensor";

@unmanaged
export class RowsNode extends Node {
  x: Tensor;
  rows: Tensor;
}

/** Element `i` of an index tensor. */
export function indexAt(indices: Tensor, i: i32): i32 {
  return load<i32>(indices.data + ((<usize>i) << 2));
}

/** Bytes of one row: everything behind the first axis. */
export function rowBytes(x: Tensor): usize {
  return (<usize>x.span(1, x.rank)) << 2;
}

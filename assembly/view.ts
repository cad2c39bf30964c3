import { newRecord, Tensor } from "./tensor";

/** A record on x's data, with a shape still to be set. Ops never write to their inputs, so sharing is safe. */
export function newView(x: Tensor, rank: i32): Tensor {
  const view = newRecord(x.dtype, rank);
  view.data = x.data;
  view.size = x.size;
  return view;
}

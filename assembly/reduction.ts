/** What reductions over one axis or all have in common: x seen as (outer, length, inner), the result as (outer, inner). */

import { gradBuffer, hasGrad } from "./gradient";
import { add, read, splat, write } from "./lanes";
import { record, records, UnaryNode } from "./tape";
import { allocData, newRecord, Tensor } from "./tensor";

/** In place of an axis: all of them. */
export const ALL: i32 = -1;

@unmanaged
export class ReductionNode extends UnaryNode {
  axis: i32;
}

/** How x is seen by the reduction at hand. */
export let outer = 0;
export let length = 0;
export let inner = 0;

export function viewAlong(x: Tensor, axis: i32): void {
  if (axis == ALL) {
    outer = 1;
    length = x.size;
    inner = 1;
  } else {
    outer = x.span(0, axis);
    length = x.dim(axis);
    inner = x.span(axis + 1, x.rank);
  }
}

/** A tensor of x's shape without the axis, or with it at length 1. */
export function newReduced(x: Tensor, axis: i32, keepDims: bool, dtype: i32): Tensor {
  const out = newRecord(dtype, keepDims ? x.rank : axis == ALL ? 0 : x.rank - 1);
  let to = 0;
  for (let from = 0; from < x.rank; from++) {
    const reduced = axis == ALL || from == axis;
    if (!reduced || keepDims) out.setDim(to++, reduced ? 1 : x.dim(from));
  }
  return allocData(out);
}

export function recordReduction(out: Tensor, x: Tensor, axis: i32, backward: i32): void {
  if (!records(x)) return;
  const node = record<ReductionNode>(out, backward);
  node.x = x;
  node.axis = axis;
}

/** dx += F.gradient(dy, x, y, length) for every element of x, with the dy and y of the result that it went into. */
export function spreadGrad<F>(node: ReductionNode): void {
  const x = node.x;
  viewAlong(x, node.axis);
  const sum = hasGrad(x);
  let d = gradBuffer(x);
  let xRow = x.data;
  let dy = node.out.grad;
  let y = node.out.data;
  const alongRow = inner == 1;
  const n = alongRow ? length : inner;
  const rows = alongRow ? 1 : length;
  const bytes = (<usize>n) << 2;
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < rows; row++, d += bytes, xRow += bytes) {
      let done = 0;
      if (ASC_FEATURE_SIMD) {
        done = n & ~3;
        spreadRow<F, v128>(d, xRow, dy, y, 0, done, alongRow, sum);
      }
      spreadRow<F, f32>(d, xRow, dy, y, done, n, alongRow, sum);
    }
    dy += (<usize>inner) << 2;
    y += (<usize>inner) << 2;
  }
}

/** Elements `from` to `to - 1` of a row; with `alongRow` the whole row went into one result. */
function spreadRow<F, T>(
  d: usize,
  x: usize,
  dy: usize,
  y: usize,
  from: i32,
  to: i32,
  alongRow: bool,
  sum: bool,
): void {
  const f = changetype<F>(0);
  const size = splat<T>(<f32>length);
  const end = (<usize>to) << 2;
  if (alongRow) {
    const dyHere = splat<T>(load<f32>(dy));
    const yHere = splat<T>(load<f32>(y));
    for (let at = (<usize>from) << 2; at < end; at += sizeof<T>()) {
      const g = f.gradient<T>(dyHere, read<T>(x + at), yHere, size);
      write<T>(d + at, sum ? add<T>(read<T>(d + at), g) : g);
    }
  } else {
    for (let at = (<usize>from) << 2; at < end; at += sizeof<T>()) {
      const g = f.gradient<T>(read<T>(dy + at), read<T>(x + at), read<T>(y + at), size);
      write<T>(d + at, sum ? add<T>(read<T>(d + at), g) : g);
    }
  }
}

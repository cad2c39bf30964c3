import { F32 } from "../../src/engine/abi";
import { foldColumns } from "../kernels/fold-columns";
import { sumRow } from "../kernels/reduce";
import { add, splat } from "../lanes";
import {
  inner,
  length,
  newReduced,
  outer,
  ReductionNode,
  recordReduction,
  spreadGrad,
  viewAlong,
} from "../reduction";
import { Tensor } from "../tensor";

/** y = sum of x along an axis; dx = dy. */
@unmanaged
class Sum {
  start<T>(): T {
    return splat<T>(0);
  }

  fold<T>(sum: T, x: T, _p: T): T {
    return add<T>(sum, x);
  }

  gradient<T>(dy: T, _x: T, _y: T, _length: T): T {
    return dy;
  }
}

/** Sums along `axis` into a new tensor, without a node. */
export function sumAlong(x: Tensor, axis: i32, keepDims: bool): Tensor {
  const out = newReduced(x, axis, keepDims, F32);
  viewAlong(x, axis);
  for (let o = 0; o < outer; o++) {
    const from = x.data + ((<usize>(o * length * inner)) << 2);
    const to = out.data + ((<usize>(o * inner)) << 2);
    if (inner == 1) store<f32>(to, sumRow(from, length));
    else foldColumns<Sum>(to, from, from, length, inner);
  }
  return out;
}

export function sum(x: Tensor, axis: i32, keepDims: bool): Tensor | null {
  if (x.dtype != F32) return null;
  const out = sumAlong(x, axis, keepDims);
  recordReduction(out, x, axis, sumBackward.index);
  return out;
}

function sumBackward(node: ReductionNode): void {
  spreadGrad<Sum>(node);
}

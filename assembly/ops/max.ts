import { F32 } from "../../src/engine/abi";
import { gradSum } from "../gradient";
import { foldColumns } from "../kernels/fold-columns";
import { maxRow } from "../kernels/reduce";
import { max as maxLanes, splat } from "../lanes";
import {
  inner,
  length,
  newReduced,
  outer,
  ReductionNode,
  recordReduction,
  viewAlong,
} from "../reduction";
import { Tensor } from "../tensor";

/** y = greatest of x along an axis; dy goes to the first that is equal to it. */
@unmanaged
class Max {
  start<T>(): T {
    return splat<T>(-Infinity);
  }

  fold<T>(greatest: T, x: T, _p: T): T {
    return maxLanes<T>(greatest, x);
  }
}

/** Greatest along `axis` into a new tensor, without a node. */
export function maxAlong(x: Tensor, axis: i32, keepDims: bool): Tensor {
  const out = newReduced(x, axis, keepDims, F32);
  viewAlong(x, axis);
  for (let o = 0; o < outer; o++) {
    const from = x.data + ((<usize>(o * length * inner)) << 2);
    const to = out.data + ((<usize>(o * inner)) << 2);
    if (inner == 1) store<f32>(to, maxRow(from, length));
    else foldColumns<Max>(to, from, from, length, inner);
  }
  return out;
}

export function max(x: Tensor, axis: i32, keepDims: bool): Tensor | null {
  if (x.dtype != F32) return null;
  const out = maxAlong(x, axis, keepDims);
  recordReduction(out, x, axis, maxBackward.index);
  return out;
}

function maxBackward(node: ReductionNode): void {
  const x = node.x;
  viewAlong(x, node.axis);
  const dx = gradSum(x);
  const stride = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const result = (<usize>(o * inner + j)) << 2;
      const greatest = load<f32>(node.out.data + result);
      let at = (<usize>(o * length * inner + j)) << 2;
      for (let l = 0; l < length; l++, at += stride) {
        if (load<f32>(x.data + at) != greatest) continue;
        store<f32>(dx + at, load<f32>(dx + at) + load<f32>(node.out.grad + result));
        break;
      }
    }
  }
}

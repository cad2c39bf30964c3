import { F32 } from "../../src/engine/abi";
import { div } from "../lanes";
import { length, ReductionNode, recordReduction, spreadGrad } from "../reduction";
import { Tensor } from "../tensor";
import { sumAlong } from "./sum";

/** y = sum of x along an axis / length; dx = dy / length. */
@unmanaged
class Mean {
  gradient<T>(dy: T, _x: T, _y: T, length: T): T {
    return div<T>(dy, length);
  }
}

export function mean(x: Tensor, axis: i32, keepDims: bool): Tensor | null {
  if (x.dtype != F32) return null;
  const out = sumAlong(x, axis, keepDims);
  for (let i = 0; i < out.size; i++) {
    const at = out.data + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) / <f32>length);
  }
  recordReduction(out, x, axis, meanBackward.index);
  return out;
}

function meanBackward(node: ReductionNode): void {
  spreadGrad<Mean>(node);
}

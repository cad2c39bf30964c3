import { F32 } from "../../src/engine/abi";
import { contribute } from "../binary";
import { zip } from "../broadcast";
import { recordUnary, UnaryNode } from "../tape";
import { allocData, newRecord, Tensor } from "../tensor";

/** y = x repeated to a shape; dx = dy summed over the repetitions. The second operand is y itself: it has the shape. */
@unmanaged
class BroadcastTo {
  value<T>(x: T, _y: T): T {
    return x;
  }

  dyAlone(): void {}

  gradient<T>(dy: T, _x: T, _other: T, _y: T): T {
    return dy;
  }
}

export function broadcastTo(
  x: Tensor,
  rank: i32,
  dim0: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  dim5: i32,
): Tensor | null {
  if (x.dtype != F32) return null;
  const out = newRecord(F32, rank);
  out.dim0 = dim0;
  out.dim1 = dim1;
  out.dim2 = dim2;
  out.dim3 = dim3;
  out.dim4 = dim4;
  out.dim5 = dim5;
  allocData(out);
  zip<BroadcastTo>(out, x, out);
  recordUnary(out, x, broadcastToBackward.index);
  return out;
}

function broadcastToBackward(node: UnaryNode): void {
  contribute<BroadcastTo>(node.x, node.out, node.out);
}

import { F32 } from "../../src/engine/abi";
import { foldColumns } from "../kernels/fold-columns";
import { sumExpRow } from "../kernels/reduce";
import { add, max, mul, splat, sub } from "../lanes";
import { Exp, Log } from "../math";
import { allocArena } from "../memory";
import { inner, length, outer, ReductionNode, recordReduction, spreadGrad } from "../reduction";
import { Tensor } from "../tensor";
import { maxAlong } from "./max";

/** y = m + ln(sum of e^(x - m)) along an axis, m the greatest x; dx = dy e^(x - y). */
@unmanaged
class LogSumExp {
  start<T>(): T {
    return splat<T>(0);
  }

  @inline
  fold<T>(sum: T, x: T, shift: T): T {
    return add<T>(sum, Exp.of<T>(sub<T>(x, shift)));
  }

  /** Bounded from below, so that y = -infinity gives 0 and not NaN. */
  @inline
  gradient<T>(dy: T, x: T, y: T, _length: T): T {
    return mul<T>(dy, Exp.of<T>(sub<T>(x, max<T>(y, splat<T>(-f32.MAX_VALUE)))));
  }
}

export function logSumExp(x: Tensor, axis: i32, keepDims: bool): Tensor | null {
  if (x.dtype != F32) return null;
  const out = maxAlong(x, axis, keepDims);
  for (let i = 0; i < out.size; i++) {
    // An infinite maximum would give infinity - infinity.
    const at = out.data + ((<usize>i) << 2);
    if (abs<f32>(load<f32>(at)) == Infinity) store<f32>(at, 0);
  }
  const sums: usize = inner == 1 ? 0 : allocArena((<usize>inner) << 2);
  for (let o = 0; o < outer; o++) {
    const from = x.data + ((<usize>(o * length * inner)) << 2);
    const to = out.data + ((<usize>(o * inner)) << 2);
    if (inner == 1) {
      const shift = load<f32>(to);
      store<f32>(to, shift + Log.of<f32>(sumExpRow(from, shift, length)));
    } else {
      foldColumns<LogSumExp>(sums, from, to, length, inner);
      for (let j: usize = 0; j < (<usize>inner) << 2; j += 4) {
        store<f32>(to + j, load<f32>(to + j) + Log.of<f32>(load<f32>(sums + j)));
      }
    }
  }
  recordReduction(out, x, axis, logSumExpBackward.index);
  return out;
}

function logSumExpBackward(node: ReductionNode): void {
  spreadGrad<LogSumExp>(node);
}

import { F32, I32 } from "../../src/engine/abi";
import { inner, length, newReduced, outer, viewAlong } from "../reduction";
import { Tensor } from "../tensor";

/** i32 position of the first greatest element along an axis; no gradient. */
export function argmax(x: Tensor, axis: i32, keepDims: bool): Tensor | null {
  if (x.dtype != F32) return null;
  const out = newReduced(x, axis, keepDims, I32);
  viewAlong(x, axis);
  const stride = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let at = x.data + ((<usize>(o * length * inner + j)) << 2);
      let greatest: f32 = -Infinity;
      let position = 0;
      for (let l = 0; l < length; l++, at += stride) {
        const value = load<f32>(at);
        if (value > greatest) {
          greatest = value;
          position = l;
        }
      }
      store<i32>(out.data + ((<usize>(o * inner + j)) << 2), position);
    }
  }
  return out;
}

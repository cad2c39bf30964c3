/** Forward and backward of an elementwise op with one input, from its functor; ops are a functor and two lines. */
import { F32 } from "../src/engine/abi";
import { gradBuffer, hasGrad } from "./gradient";
import { map, mapGrad } from "./kernels/map";
import { recordUnary, UnaryNode } from "./tape";
import { newLike, Tensor } from "./tensor";

/** F.value(x) with a node if x takes gradients; null if x is not f32. */
export function unary<F>(x: Tensor, backward: i32): Tensor | null {
  if (x.dtype != F32) return null;
  const out = newLike(x);
  map<F>(out.data, x.data, x.size);
  recordUnary(out, x, backward);
  return out;
}

export function unaryBackward<F>(node: UnaryNode): void {
  const x = node.x;
  const out = node.out;
  const sum = hasGrad(x);
  mapGrad<F>(gradBuffer(x), out.grad, x.data, out.data, x.size, sum);
}

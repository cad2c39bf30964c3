/** Forward and backward of an elementwise op with two inputs, from its functor; see broadcast.ts. */
import { F32 } from "../src/engine/abi";
import { newBroadcast, zip, zipGrad } from "./broadcast";
import { zipGradAll } from "./kernels/zip";
import { BinaryNode, gradBuffer, gradSum, hasGrad, record, records } from "./tape";
import { Tensor } from "./tensor";

/** F.value(a, b) with a node if either takes gradients; null if the shapes or types do not fit. */
export function binary<F>(a: Tensor, b: Tensor, backward: i32): Tensor | null {
  const out = combine<F>(a, b);
  if (out === null || !(records(a) || records(b))) return out;
  const node = record<BinaryNode>(out, backward);
  node.a = a;
  node.b = b;
  return out;
}

/** F.value(a, b) without gradient; null if the shapes or types do not fit. */
export function combine<F>(a: Tensor, b: Tensor): Tensor | null {
  if (a.dtype != F32 || b.dtype != F32) return null;
  const out = newBroadcast(a, b);
  if (out !== null) zip<F>(out, a, b);
  return out;
}

/** A and B give the gradients of the first and the second operand. */
export function binaryBackward<A, B>(node: BinaryNode): void {
  if (node.a.requiresGrad) contribute<A>(node.a, node.b, node.out);
  if (node.b.requiresGrad) contribute<B>(node.b, node.a, node.out);
}

export function contribute<F>(own: Tensor, other: Tensor, out: Tensor): void {
  const size = out.size;
  if (own.size == size) {
    const sum = hasGrad(own);
    const d = gradBuffer(own);
    // Small ops live on the short way.
    if (other.size == size) zipGradAll<F>(d, out.grad, own.data, other.data, out.data, size, sum);
    else zipGrad<F>(d, out, own, other, sum);
  } else {
    zipGrad<F>(gradSum(own), out, own, other, true);
  }
}

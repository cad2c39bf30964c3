/** Forward and backward of an elementwise op with two inputs, from its functor; see broadcast.ts. */
import { F32 } from "../src/engine/abi";
import { newBroadcast, zip, zipGrad } from "./broadcast";
import { gradBuffer, gradSum, hasGrad } from "./gradient";
import { zipAll } from "./kernels/zip";
import { zipGradAll, zipGradBoth } from "./kernels/zip-grad";
import { BinaryNode, recordBinary } from "./tape";
import { newLike, sameShape, Tensor } from "./tensor";

/** F.value(a, b) with a node if either takes gradients; null if the shapes or types do not fit. */
export function binary<F>(a: Tensor, b: Tensor, backward: i32): Tensor | null {
  if (a.dtype != F32 || b.dtype != F32) return null;
  const bStep = b.rank == 0 ? 0 : 1;
  let out: Tensor | null;
  if (bStep == 0 || sameShape(a, b)) {
    // Small ops live on this short way.
    out = newLike(a);
    zipAll<F>(out.data, a.data, b.data, out.size, bStep);
  } else {
    out = combine<F>(a, b);
    if (out === null) return null;
  }
  recordBinary(out, a, b, backward);
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
  const a = node.a;
  const b = node.b;
  const out = node.out;
  const size = out.size;
  if (a.requiresGrad && b.requiresGrad && a.size == size && b.size == size) {
    const sumA = hasGrad(a);
    const da = gradBuffer(a);
    // Only now, as b may be a.
    const sumB = hasGrad(b);
    const db = gradBuffer(b);
    zipGradBoth<A, B>(da, db, out.grad, a.data, b.data, out.data, size, sumA, sumB);
    return;
  }
  if (a.requiresGrad) contribute<A>(a, b, out);
  if (b.requiresGrad) contribute<B>(b, a, out);
}

export function contribute<F>(own: Tensor, other: Tensor, out: Tensor): void {
  const size = out.size;
  if (own.size != size) {
    zipGrad<F>(gradSum(own), out, own, other, true);
    return;
  }
  const sum = hasGrad(own);
  const d = gradBuffer(own);
  const step = other.rank == 0 ? 0 : 1;
  if (step == 0 || other.size == size) {
    zipGradAll<F>(d, out.grad, own.data, other.data, out.data, size, step, sum);
  } else {
    zipGrad<F>(d, out, own, other, sum);
  }
}

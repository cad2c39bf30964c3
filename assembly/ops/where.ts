import { gradBuffer, hasGrad } from "../gradient";
import { mapGrad } from "../kernels/map";
import { equal, read, splat, write } from "../lanes";
import { BinaryNode, record, records } from "../tape";
import { newLike, Tensor } from "../tensor";

@unmanaged
class WhereNode extends BinaryNode {
  mask: Tensor;
}

/** y = a where the mask is not 0, else b; dy goes to the chosen one, none to the mask. All three have one shape. */
export function where(mask: Tensor, a: Tensor, b: Tensor): Tensor {
  const out = newLike(a);
  if (ASC_FEATURE_SIMD) choose<v128>(out, mask.data, a.data, b.data);
  else choose<f32>(out, mask.data, a.data, b.data);
  if (records(a) || records(b)) {
    const node = record<WhereNode>(out, whereBackward.index);
    node.mask = mask;
    node.a = a;
    node.b = b;
  }
  return out;
}

function choose<T>(out: Tensor, mask: usize, a: usize, b: usize): void {
  const bytes = (<usize>out.size) << 2;
  for (let at: usize = 0; at < bytes; at += sizeof<T>()) {
    const y = equal<T>(read<T>(mask + at), splat<T>(0), read<T>(b + at), read<T>(a + at));
    write<T>(out.data + at, y);
  }
}

@unmanaged
class WhereTrue {
  gradient<T>(dy: T, mask: T, _y: T): T {
    return equal<T>(mask, splat<T>(0), splat<T>(0), dy);
  }
}

@unmanaged
class WhereFalse {
  gradient<T>(dy: T, mask: T, _y: T): T {
    return equal<T>(mask, splat<T>(0), dy, splat<T>(0));
  }
}

function whereBackward(node: WhereNode): void {
  if (node.a.requiresGrad) pass<WhereTrue>(node.a, node);
  if (node.b.requiresGrad) pass<WhereFalse>(node.b, node);
}

function pass<F>(to: Tensor, node: WhereNode): void {
  const sum = hasGrad(to);
  const mask = node.mask.data;
  mapGrad<F>(gradBuffer(to), node.out.grad, mask, mask, to.size, sum);
}

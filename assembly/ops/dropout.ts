import { gradBuffer, hasGrad } from "../gradient";
import { rowMultiply } from "../kernels/rows";
import { allocArena } from "../memory";
import { philox } from "../random";
import { Node, record, records } from "../tape";
import { dataBytes, newLike, Tensor } from "../tensor";

@unmanaged
class DropoutNode extends Node {
  x: Tensor;
  /** f32 of x's size: 0 or 1 / (1 - p). */
  mask: usize;
}

/**
 * out[i] = x[i] / (1 - p), or 0 with probability p.
 *
 * Element i is dropped if the upper 24 bits of word i of (seed, stream), counted from block (0, step), are below
 * p 2^24: so it depends on seed, stream, step and i alone. dx = dout times the same factor.
 */
export function dropout(x: Tensor, p: f64, seed: u32, stream: u32, step: u32): Tensor {
  const out = newLike(x);
  const mask = allocArena(dataBytes(x.dtype, x.size));
  const bound = <u32>ceil<f64>(p * 16777216);
  const scale = <f32>(1 / (1 - p));
  const end = mask + ((<usize>x.size) << 2);
  for (let block: u32 = 0, at = mask; at < end; block++, at += 16) {
    // The last block may run over the end: buffers have room for one vector there.
    philox(block, step, seed, stream, at);
    for (let word = at; word < at + 16; word += 4) {
      store<f32>(word, load<u32>(word) >> 8 < bound ? 0 : scale);
    }
  }
  rowMultiply(out.data, x.data, mask, x.size, false);
  if (records(x)) {
    const node = record<DropoutNode>(out, dropoutBackward.index);
    node.x = x;
    node.mask = mask;
  }
  return out;
}

function dropoutBackward(node: DropoutNode): void {
  const x = node.x;
  const add = hasGrad(x);
  rowMultiply(gradBuffer(x), node.out.grad, node.mask, x.size, add);
}

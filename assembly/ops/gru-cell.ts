import { gradSum } from "../gradient";
import { add, mul, read, splat, sub, write } from "../lanes";
import { Sigmoid, Tanh } from "../math";
import { allocArena } from "../memory";
import { Node, record, records } from "../tape";
import { dataBytes, newLike, Tensor } from "../tensor";

@unmanaged
class GruCellNode extends Node {
  x: Tensor;
  g: Tensor;
  h: Tensor;
  /** [3, n, d]: gates r and z, and the candidate c. */
  gates: usize;
}

/**
 * One step of a gated recurrent unit: x[n, 3 d] from the input, g[n, 3 d] from the state h[n, d] -> [n, d].
 *
 * r = sigmoid(x0 + g0), z = sigmoid(x1 + g1), c = tanh(x2 + r g2), out = c + z (h - c), where the thirds of a row of x and
 * g are x0, x1, x2. With dc' = dout (1 - z) (1 - c^2) and so on: dx = [dr', dz', dc'], dg = [dr', dz', dc' r], dh = dout z.
 */
export function gruCell(x: Tensor, g: Tensor, h: Tensor): Tensor {
  const out = newLike(h);
  const gates = allocArena(3 * dataBytes(h.dtype, h.size));
  const n = h.dim0;
  const d = h.dim1;
  const row = (<usize>d) << 2;
  const block = row * n;
  for (let i = 0; i < n; i++) {
    const at = row * i;
    forward(out.data + at, x.data + 3 * at, g.data + 3 * at, h.data + at, gates + at, block, d);
  }
  if (records(x) || records(g) || records(h)) {
    const node = record<GruCellNode>(out, gruCellBackward.index);
    node.x = x;
    node.g = g;
    node.h = h;
    node.gates = gates;
  }
  return out;
}

/** One row: whole vectors, then the rest, so that nothing past the row is written. */
function forward(y: usize, x: usize, g: usize, h: usize, gates: usize, block: usize, d: i32): void {
  const row = (<usize>d) << 2;
  let at: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; at + 16 <= row; at += 16) step<v128>(y, x, g, h, gates, block, row, at);
  }
  for (; at < row; at += 4) step<f32>(y, x, g, h, gates, block, row, at);
}

function step<T>(
  y: usize,
  x: usize,
  g: usize,
  h: usize,
  gates: usize,
  block: usize,
  row: usize,
  at: usize,
): void {
  const r = Sigmoid.of<T>(add<T>(read<T>(x + at), read<T>(g + at)));
  const z = Sigmoid.of<T>(add<T>(read<T>(x + row + at), read<T>(g + row + at)));
  const gated = mul<T>(r, read<T>(g + 2 * row + at));
  const c = Tanh.of<T>(add<T>(read<T>(x + 2 * row + at), gated));
  write<T>(gates + at, r);
  write<T>(gates + block + at, z);
  write<T>(gates + 2 * block + at, c);
  write<T>(y + at, add<T>(c, mul<T>(z, sub<T>(read<T>(h + at), c))));
}

function gruCellBackward(node: GruCellNode): void {
  const x = node.x;
  const g = node.g;
  const h = node.h;
  const dx = x.requiresGrad ? gradSum(x) : 0;
  const dg = g.requiresGrad ? gradSum(g) : 0;
  const dh = h.requiresGrad ? gradSum(h) : 0;
  const row = (<usize>h.dim1) << 2;
  const block = row * h.dim0;
  const dout = node.out.grad;
  for (let start: usize = 0; start < block; start += row) {
    let at: usize = 0;
    if (ASC_FEATURE_SIMD) {
      for (; at + 16 <= row; at += 16) back<v128>(node, dout, dx, dg, dh, block, row, start, at);
    }
    for (; at < row; at += 4) back<f32>(node, dout, dx, dg, dh, block, row, start, at);
  }
}

function back<T>(
  node: GruCellNode,
  dout: usize,
  dx: usize,
  dg: usize,
  dh: usize,
  block: usize,
  row: usize,
  start: usize,
  at: usize,
): void {
  const one = splat<T>(1);
  const here = start + at;
  const thirds = 3 * start + at;
  const r = read<T>(node.gates + here);
  const z = read<T>(node.gates + block + here);
  const c = read<T>(node.gates + 2 * block + here);
  const dy = read<T>(dout + here);
  const slope = mul<T>(dy, sub<T>(one, z));
  const dc = mul<T>(slope, sub<T>(one, mul<T>(c, c)));
  const fromState = sub<T>(read<T>(node.h.data + here), c);
  const dz = mul<T>(mul<T>(dy, fromState), mul<T>(z, sub<T>(one, z)));
  const gated = read<T>(node.g.data + thirds + 2 * row);
  const dr = mul<T>(mul<T>(dc, gated), mul<T>(r, sub<T>(one, r)));
  if (dx != 0) put<T>(dx + thirds, row, dr, dz, dc);
  if (dg != 0) put<T>(dg + thirds, row, dr, dz, mul<T>(dc, r));
  if (dh != 0) write<T>(dh + here, add<T>(read<T>(dh + here), mul<T>(dy, z)));
}

/** Adds to the three thirds of a row. */
function put<T>(to: usize, row: usize, a: T, b: T, c: T): void {
  write<T>(to, add<T>(read<T>(to), a));
  write<T>(to + row, add<T>(read<T>(to + row), b));
  write<T>(to + 2 * row, add<T>(read<T>(to + 2 * row), c));
}

import { gradSum } from "../gradient";
import { add, mul, read, splat, write } from "../lanes";
import { allocArena } from "../memory";
import { record, records, UnaryNode } from "../tape";
import { allocData, newRecord, Tensor } from "../tensor";

/** Of one output position along one axis: two input positions, and the share of the second one. */
@unmanaged
class Taps {
  first: i32;
  second: i32;
  share: f32;
}

@unmanaged
class InterpolateNode extends UnaryNode {
  rows: usize;
  columns: usize;
}

/**
 * out[n, height, width, channels] from x[n, h, w, channels] at the positions (o + 1/2) h / height - 1/2, clamped to the
 * picture: the mix of the four neighbours, or, not `linear`, the value at floor(o h / height).
 */
export function interpolate(x: Tensor, height: i32, width: i32, linear: bool): Tensor {
  const out = newRecord(x.dtype, 4);
  out.dim0 = x.dim0;
  out.dim1 = height;
  out.dim2 = width;
  out.dim3 = x.dim3;
  allocData(out);
  const rows = planTaps(x.dim1, height, linear);
  const columns = planTaps(x.dim2, width, linear);
  const bytes = (<usize>x.dim3) << 2;
  let to = out.data;
  for (let image = 0; image < x.dim0; image++) {
    for (let oy = 0; oy < height; oy++) {
      const y = tapsAt(rows, oy);
      const top = x.data + <usize>((image * x.dim1 + y.first) * x.dim2) * bytes;
      const bottom = x.data + <usize>((image * x.dim1 + y.second) * x.dim2) * bytes;
      for (let ox = 0; ox < width; ox++) {
        const c = tapsAt(columns, ox);
        const left = <usize>c.first * bytes;
        const right = <usize>c.second * bytes;
        if (linear) {
          mixRow(
            to,
            top + left,
            top + right,
            bottom + left,
            bottom + right,
            y.share,
            c.share,
            bytes,
          );
        } else memory.copy(to, top + left, bytes);
        to += bytes;
      }
    }
  }
  if (records(x)) {
    const node = record<InterpolateNode>(out, interpolateBackward.index);
    node.x = x;
    node.rows = rows;
    node.columns = columns;
  }
  return out;
}

/** Each value of dout goes to the values that it was mixed from, by their shares, in the order of dout. */
function interpolateBackward(node: InterpolateNode): void {
  const x = node.x;
  const out = node.out;
  const dx = gradSum(x);
  const bytes = (<usize>x.dim3) << 2;
  let from = out.grad;
  for (let image = 0; image < x.dim0; image++) {
    for (let oy = 0; oy < out.dim1; oy++) {
      const y = tapsAt(node.rows, oy);
      const top = dx + <usize>((image * x.dim1 + y.first) * x.dim2) * bytes;
      const bottom = dx + <usize>((image * x.dim1 + y.second) * x.dim2) * bytes;
      for (let ox = 0; ox < out.dim2; ox++) {
        const c = tapsAt(node.columns, ox);
        const left = <usize>c.first * bytes;
        const right = <usize>c.second * bytes;
        addShare(top + left, from, (1 - y.share) * (1 - c.share), bytes);
        addShare(top + right, from, (1 - y.share) * c.share, bytes);
        addShare(bottom + left, from, y.share * (1 - c.share), bytes);
        addShare(bottom + right, from, y.share * c.share, bytes);
        from += bytes;
      }
    }
  }
}

function tapsAt(taps: usize, index: i32): Taps {
  return changetype<Taps>(taps + <usize>index * offsetof<Taps>());
}

function planTaps(input: i32, output: i32, linear: bool): usize {
  const taps = allocArena(<usize>output * offsetof<Taps>());
  for (let o = 0; o < output; o++) {
    const tap = tapsAt(taps, o);
    if (linear) {
      const position = ((<f64>o + 0.5) * <f64>input) / <f64>output - 0.5;
      const inside = max<f64>(position, 0);
      tap.first = <i32>inside;
      tap.second = min(tap.first + 1, input - 1);
      tap.share = <f32>(inside - <f64>tap.first);
    } else {
      tap.first = <i32>((<i64>o * <i64>input) / <i64>output);
      tap.second = tap.first;
      tap.share = 0;
    }
  }
  return taps;
}

function mix<T>(to: usize, a: usize, b: usize, c: usize, d: usize, down: f32, across: f32): void {
  const right = splat<T>(across);
  const left = splat<T>(1 - across);
  const top = add<T>(mul<T>(read<T>(a), left), mul<T>(read<T>(b), right));
  const bottom = add<T>(mul<T>(read<T>(c), left), mul<T>(read<T>(d), right));
  write<T>(to, add<T>(mul<T>(top, splat<T>(1 - down)), mul<T>(bottom, splat<T>(down))));
}

function mixRow(
  to: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  down: f32,
  across: f32,
  bytes: usize,
): void {
  let j: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; j + 16 <= bytes; j += 16) mix<v128>(to + j, a + j, b + j, c + j, d + j, down, across);
  }
  for (; j < bytes; j += 4) mix<f32>(to + j, a + j, b + j, c + j, d + j, down, across);
}

/** to[j] += share from[j]; a share of 0 takes no part, so that it makes no NaN of an infinity. */
function addShare(to: usize, from: usize, share: f32, bytes: usize): void {
  if (share == 0) return;
  let j: usize = 0;
  if (ASC_FEATURE_SIMD) {
    const shares = splat<v128>(share);
    for (; j + 16 <= bytes; j += 16) {
      write<v128>(to + j, add<v128>(read<v128>(to + j), mul<v128>(read<v128>(from + j), shares)));
    }
  }
  for (; j < bytes; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(from + j) * share);
}

/**
 * Maps over a matrix x[rows, n] with one operand per column, as batch norm needs them, with its relu fused.
 *
 * Functions give one formula for v128 and f32 (see lanes.ts). Threads share the rows.
 */
import { add, keepGreater, max, mul, read, splat, sub, write } from "../lanes";
import { newShare, runShared } from "../share";
import { GroupShare } from "./column-groups";

/** The matrix at work, as all threads read it; a loop need not use all. */
@unmanaged
export class ColumnShare extends GroupShare {
  x: usize;
  y: usize;
  dx: usize;
  dy: usize;
  /** f32 per column. */
  mean: usize;
  scale: usize;
  shift: usize;
  slope: usize;
  /** f64 per column. */
  sums: usize;
  products: usize;
  squared: bool;
  /** y was cut off below 0. */
  relu: bool;
  accumulate: bool;

  /** Where x[row, j] lies. */
  at(row: i32, j: i32): usize {
    return this.x + ((<usize>(row * this.n + j)) << 2);
  }
}

export function newColumnShare(rows: i32, n: i32, x: usize, mean: usize): ColumnShare {
  const share = newShare<ColumnShare>();
  share.rows = rows;
  share.n = n;
  share.x = x;
  share.mean = mean;
  return share;
}

/** y[i, j] = (x[i, j] - mean[j]) scale[j] + shift[j], cut off below 0 with `relu`. */
export function scaleColumns(share: ColumnShare): void {
  runShared<Scale, ColumnShare>(share, share.rows, share.rows * share.n);
}

@unmanaged
class Scale {
  run(s: ColumnShare, first: i32, end: i32, _thread: i32): void {
    const bytes = (<usize>s.n) << 2;
    const mean = s.mean;
    const scale = s.scale;
    const shift = s.shift;
    const relu = s.relu;
    let x = s.x + bytes * first;
    let y = s.y + bytes * first;
    for (let i = first; i < end; i++, x += bytes, y += bytes) {
      let j: usize = 0;
      if (ASC_FEATURE_SIMD) {
        for (; j + 16 <= bytes; j += 16) {
          scaled<v128>(y + j, x + j, mean + j, scale + j, shift + j, relu);
        }
      }
      for (; j < bytes; j += 4) scaled<f32>(y + j, x + j, mean + j, scale + j, shift + j, relu);
    }
  }
}

function scaled<T>(y: usize, x: usize, mean: usize, scale: usize, shift: usize, relu: bool): void {
  const d = sub<T>(read<T>(x), read<T>(mean));
  const value = add<T>(mul<T>(d, read<T>(scale)), read<T>(shift));
  write<T>(y, relu ? max<T>(value, splat<T>(0)) : value);
}

/** dy where the relu let it through. */
export function passed<T>(dy: usize, y: usize, relu: bool): T {
  const d = read<T>(dy);
  return relu ? keepGreater<T>(read<T>(y), splat<T>(0), d) : d;
}

/**
 * dx[i, j] = or += scale[j] dy[i, j] + slope[j] (x[i, j] - mean[j]) + shift[j], with dy where the relu let it through.
 */
export function scaleColumnsGrad(share: ColumnShare): void {
  runShared<ScaleGradient, ColumnShare>(share, share.rows, share.rows * share.n);
}

@unmanaged
class ScaleGradient {
  run(s: ColumnShare, first: i32, end: i32, _thread: i32): void {
    const bytes = (<usize>s.n) << 2;
    const mean = s.mean;
    const scale = s.scale;
    const shift = s.shift;
    const slope = s.slope;
    const relu = s.relu;
    const sum = s.accumulate;
    let dx = s.dx + bytes * first;
    // Offsets from dx: fewer addresses to step on.
    const dy = s.dy - s.dx;
    const y = s.y - s.dx;
    const x = s.x - s.dx;
    for (let i = first; i < end; i++) {
      let j: usize = 0;
      if (ASC_FEATURE_SIMD) {
        for (; j + 16 <= bytes; j += 16, dx += 16) {
          const d = passed<v128>(dx + dy, dx + y, relu);
          scaledGrad<v128>(dx, d, dx + x, mean + j, scale + j, slope + j, shift + j, sum);
        }
      }
      for (; j < bytes; j += 4, dx += 4) {
        const d = passed<f32>(dx + dy, dx + y, relu);
        scaledGrad<f32>(dx, d, dx + x, mean + j, scale + j, slope + j, shift + j, sum);
      }
    }
  }
}

function scaledGrad<T>(
  dx: usize,
  dy: T,
  x: usize,
  mean: usize,
  scale: usize,
  slope: usize,
  shift: usize,
  sum: bool,
): void {
  const straight = mul<T>(dy, read<T>(scale));
  const deviation = mul<T>(sub<T>(read<T>(x), read<T>(mean)), read<T>(slope));
  const d = add<T>(add<T>(straight, deviation), read<T>(shift));
  write<T>(dx, sum ? add<T>(read<T>(dx), d) : d);
}

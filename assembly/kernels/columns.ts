/**
 * Loops over a matrix x[rows, n] with one operand per column, as batch norm needs them.
 *
 * Sums over rows are f64, one chain per column in ascending order, so a long batch loses nothing and both builds give
 * the same bits. Functors give one formula for v128 and f32 (see lanes.ts).
 */
import { add, mul, read, sub, write } from "../lanes";

/** sums[j] (f64) = sum over i of f(x[i, j], dy[i, j], mean[j]), as numbers of f32. */
export function columnSums<F>(
  sums: usize,
  x: usize,
  dy: usize,
  mean: usize,
  rows: i32,
  n: i32,
): void {
  const f = changetype<F>(0);
  memory.fill(sums, 0, (<usize>n) << 3);
  for (let i = 0; i < rows; i++) {
    let to = sums;
    let m = mean;
    const end = x + ((<usize>n) << 2);
    if (ASC_FEATURE_SIMD) {
      for (; x + 16 <= end; x += 16, dy += 16, m += 16, to += 32) {
        const term = f.term<v128>(x, dy, m);
        const low = f64x2.promote_low_f32x4(term);
        const high = f64x2.promote_low_f32x4(i64x2.shuffle(term, term, 1, 1));
        v128.store(to, f64x2.add(v128.load(to), low));
        v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
      }
    }
    for (; x < end; x += 4, dy += 4, m += 4, to += 8) {
      store<f64>(to, load<f64>(to) + <f64>f.term<f32>(x, dy, m));
    }
  }
}

/** x */
@unmanaged
export class Value {
  term<T>(x: usize, _dy: usize, _mean: usize): T {
    return read<T>(x);
  }
}

/** (x - mean)^2 */
@unmanaged
export class SquaredDeviation {
  term<T>(x: usize, _dy: usize, mean: usize): T {
    const d = sub<T>(read<T>(x), read<T>(mean));
    return mul<T>(d, d);
  }
}

/** dy */
@unmanaged
export class OutputGradient {
  term<T>(_x: usize, dy: usize, _mean: usize): T {
    return read<T>(dy);
  }
}

/** dy (x - mean) */
@unmanaged
export class GradientTimesDeviation {
  term<T>(x: usize, dy: usize, mean: usize): T {
    return mul<T>(read<T>(dy), sub<T>(read<T>(x), read<T>(mean)));
  }
}

/** y[i, j] = (x[i, j] - mean[j]) scale[j] + shift[j]. */
export function scaleColumns(
  y: usize,
  x: usize,
  mean: usize,
  scale: usize,
  shift: usize,
  rows: i32,
  n: i32,
): void {
  for (let i = 0; i < rows; i++) {
    let column: usize = 0;
    const end = (<usize>n) << 2;
    if (ASC_FEATURE_SIMD) {
      for (; column + 16 <= end; column += 16) {
        scaled<v128>(y + column, x + column, mean + column, scale + column, shift + column);
      }
    }
    for (; column < end; column += 4) {
      scaled<f32>(y + column, x + column, mean + column, scale + column, shift + column);
    }
    x += end;
    y += end;
  }
}

function scaled<T>(y: usize, x: usize, mean: usize, scale: usize, shift: usize): void {
  const d = sub<T>(read<T>(x), read<T>(mean));
  write<T>(y, add<T>(mul<T>(d, read<T>(scale)), read<T>(shift)));
}

/**
 * dx[i, j] = or += scale[j] dy[i, j] + slope[j] (x[i, j] - mean[j]) + offset[j].
 */
export function scaleColumnsGrad(
  dx: usize,
  dy: usize,
  x: usize,
  mean: usize,
  scale: usize,
  slope: usize,
  offset: usize,
  rows: i32,
  n: i32,
  accumulate: bool,
): void {
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    const end = (<usize>n) << 2;
    if (ASC_FEATURE_SIMD) {
      for (; j + 16 <= end; j += 16) {
        const d = gradient<v128>(dy + j, x + j, mean + j, scale + j, slope + j, offset + j);
        write<v128>(dx + j, accumulate ? add<v128>(read<v128>(dx + j), d) : d);
      }
    }
    for (; j < end; j += 4) {
      const d = gradient<f32>(dy + j, x + j, mean + j, scale + j, slope + j, offset + j);
      write<f32>(dx + j, accumulate ? add<f32>(read<f32>(dx + j), d) : d);
    }
    dx += end;
    dy += end;
    x += end;
  }
}

function gradient<T>(
  dy: usize,
  x: usize,
  mean: usize,
  scale: usize,
  slope: usize,
  offset: usize,
): T {
  const straight = mul<T>(read<T>(dy), read<T>(scale));
  const deviation = mul<T>(sub<T>(read<T>(x), read<T>(mean)), read<T>(slope));
  return add<T>(add<T>(straight, deviation), read<T>(offset));
}

// Mean over windows, and its gradient.

import { PoolShape } from "./pool-shape";
import { rowAdd } from "./rows";

/** row[j] /= divisor, j < n. */
function rowDivide(row: usize, n: i32, divisor: f32): void {
  const end = row + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const divisors = f32x4.splat(divisor);
    for (; row + 16 <= end; row += 16) v128.store(row, f32x4.div(v128.load(row), divisors));
  }
  for (; row < end; row += 4) store<f32>(row, load<f32>(row) / divisor);
}

/** dst[j] += x[j] / divisor, j < n. */
function rowAddDivided(dst: usize, x: usize, n: i32, divisor: f32): void {
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const divisors = f32x4.splat(divisor);
    for (; dst + 16 <= end; dst += 16, x += 16) {
      v128.store(dst, f32x4.add(v128.load(dst), f32x4.div(v128.load(x), divisors)));
    }
  }
  for (; dst < end; dst += 4, x += 4) store<f32>(dst, load<f32>(dst) + load<f32>(x) / divisor);
}

/**
 * out = mean of each window, per channel: its values added in row order, then divided by their number.
 *
 * @param countPadding - divide by the whole window's size, as if padding were zeros
 * @param shape - a {@link PoolShape}
 */
export function f32_avg_pool2d(out: usize, x: usize, countPadding: bool, shape: usize): void {
  const s = changetype<PoolShape>(shape);
  const rowBytes = (<usize>s.channels) << 2;
  const rows = s.outHeight;
  const columns = s.outWidth;
  for (let image = 0; image < s.batch; image++) {
    for (let oy = 0; oy < rows; oy++) {
      const top = oy * s.strideY - s.padTop;
      const y0 = max(top, 0);
      const y1 = min(top + s.kernelHeight, s.height);
      for (let ox = 0; ox < columns; ox++) {
        const left = ox * s.strideX - s.padLeft;
        const x0 = max(left, 0);
        const x1 = min(left + s.kernelWidth, s.width);
        memory.fill(out, 0, rowBytes);
        for (let y = y0; y < y1; y++) {
          let at = x + <usize>((image * s.height + y) * s.width + x0) * rowBytes;
          for (let column = x0; column < x1; column++) {
            rowAdd(out, at, s.channels);
            at += rowBytes;
          }
        }
        const inside = (y1 - y0) * (x1 - x0);
        rowDivide(out, s.channels, <f32>(countPadding ? s.kernelHeight * s.kernelWidth : inside));
        out += rowBytes;
      }
    }
  }
}

/** dx = (accumulate ? dx : 0) + dout / the window's number, to each value of the window, in the order of dout. */
export function f32_avg_pool2d_dx(
  dx: usize,
  dout: usize,
  countPadding: bool,
  accumulate: bool,
  shape: usize,
): void {
  const s = changetype<PoolShape>(shape);
  const rowBytes = (<usize>s.channels) << 2;
  const rows = s.outHeight;
  const columns = s.outWidth;
  if (!accumulate) memory.fill(dx, 0, <usize>(s.batch * s.height * s.width) * rowBytes);
  for (let image = 0; image < s.batch; image++) {
    for (let oy = 0; oy < rows; oy++) {
      const top = oy * s.strideY - s.padTop;
      const y0 = max(top, 0);
      const y1 = min(top + s.kernelHeight, s.height);
      for (let ox = 0; ox < columns; ox++) {
        const left = ox * s.strideX - s.padLeft;
        const x0 = max(left, 0);
        const x1 = min(left + s.kernelWidth, s.width);
        const inside = (y1 - y0) * (x1 - x0);
        const divisor = <f32>(countPadding ? s.kernelHeight * s.kernelWidth : inside);
        for (let y = y0; y < y1; y++) {
          let at = dx + <usize>((image * s.height + y) * s.width + x0) * rowBytes;
          for (let column = x0; column < x1; column++) {
            rowAddDivided(at, dout, s.channels, divisor);
            at += rowBytes;
          }
        }
        dout += rowBytes;
      }
    }
  }
}

/** out[batch, channels] = mean over the pixels of x[batch, pixels, channels], added in ascending order. */
export function f32_global_avg_pool(
  out: usize,
  x: usize,
  batch: i32,
  pixels: i32,
  channels: i32,
): void {
  const rowBytes = (<usize>channels) << 2;
  for (let image = 0; image < batch; image++) {
    memory.fill(out, 0, rowBytes);
    for (let pixel = 0; pixel < pixels; pixel++) {
      rowAdd(out, x, channels);
      x += rowBytes;
    }
    rowDivide(out, channels, <f32>pixels);
    out += rowBytes;
  }
}

/** dx[batch, pixels, channels] = (accumulate ? dx : 0) + dout[batch, channels] / pixels. */
export function f32_global_avg_pool_dx(
  dx: usize,
  dout: usize,
  batch: i32,
  pixels: i32,
  channels: i32,
  accumulate: bool,
): void {
  const rowBytes = (<usize>channels) << 2;
  if (!accumulate) memory.fill(dx, 0, <usize>(batch * pixels) * rowBytes);
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      rowAddDivided(dx, dout, channels, <f32>pixels);
      dx += rowBytes;
    }
    dout += rowBytes;
  }
}

// Maximum over windows, and its gradient.

import { PoolShape } from "./pool-shape";

/**
 * out = largest value of each window, per channel; argmax = its index in x, in floats, as i32.
 *
 * Of equal values the first in row order counts; a NaN in the window is the result. Padding never is.
 *
 * @param shape - a {@link PoolShape}
 */
export function f32_max_pool2d(out: usize, argmax: usize, x: usize, shape: usize): void {
  const s = changetype<PoolShape>(shape);
  const channels = s.channels;
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
        const first = (image * s.height * s.width + y0 * s.width + x0) * channels;
        maxOfWindow(out, argmax, x, first, y1 - y0, x1 - x0, s.width * channels, channels);
        out += (<usize>channels) << 2;
        argmax += (<usize>channels) << 2;
      }
    }
  }
}

/** One window, `first` being the index of its first float in x and `rowStep` the floats between its rows. */
function maxOfWindow(
  out: usize,
  argmax: usize,
  x: usize,
  first: i32,
  height: i32,
  width: i32,
  rowStep: i32,
  channels: i32,
): void {
  let channel = 0;
  if (ASC_FEATURE_SIMD) {
    for (; channel + 4 <= channels; channel += 4) {
      const start = first + channel;
      const lanes = i32x4(0, 1, 2, 3);
      let best = v128.load(x + ((<usize>start) << 2));
      let index = i32x4.add(i32x4.splat(start), lanes);
      for (let y = 0; y < height; y++) {
        let at = start + y * rowStep;
        for (let column = 0; column < width; column++) {
          const value = v128.load(x + ((<usize>at) << 2));
          const take = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
          best = v128.bitselect(value, best, take);
          index = v128.bitselect(i32x4.add(i32x4.splat(at), lanes), index, take);
          at += channels;
        }
      }
      v128.store(out + ((<usize>channel) << 2), best);
      v128.store(argmax + ((<usize>channel) << 2), index);
    }
  }
  for (; channel < channels; channel++) {
    const start = first + channel;
    let best = load<f32>(x + ((<usize>start) << 2));
    let index = start;
    for (let y = 0; y < height; y++) {
      let at = start + y * rowStep;
      for (let column = 0; column < width; column++) {
        const value = load<f32>(x + ((<usize>at) << 2));
        if (value > best || isNaN<f32>(value)) {
          best = value;
          index = at;
        }
        at += channels;
      }
    }
    store<f32>(out + ((<usize>channel) << 2), best);
    store<i32>(argmax + ((<usize>channel) << 2), index);
  }
}

/**
 * dx = (accumulate ? dx : 0) + the gradients of dout, each at its window's maximum; added in the order of dout.
 *
 * @param length - floats of dx; count - floats of dout and of argmax
 */
export function f32_max_pool2d_dx(
  dx: usize,
  dout: usize,
  argmax: usize,
  length: i32,
  count: i32,
  accumulate: bool,
): void {
  if (!accumulate) memory.fill(dx, 0, (<usize>length) << 2);
  const end = dout + ((<usize>count) << 2);
  for (; dout < end; dout += 4, argmax += 4) {
    const at = dx + ((<usize>load<i32>(argmax)) << 2);
    store<f32>(at, load<f32>(at) + load<f32>(dout));
  }
}

// Maximum over windows, and its gradient.

import { newShare, runShared, Share } from "../share";
import { PoolShape } from "./pool-shape";

@unmanaged
class PoolShare extends Share {
  out: usize;
  argmax: usize;
  x: usize;
  shape: PoolShape;
}

/** The gradient by images, whose maxima lie within them. */
@unmanaged
class PoolGradShare extends Share {
  dx: usize;
  dout: usize;
  argmax: usize;
  /** Floats of one image of dx and of dout. */
  length: i32;
  count: i32;
  accumulate: bool;
}

/**
 * out = largest value of each window, per channel; argmax = its index in x, in floats, as i32.
 *
 * Of equal values the first in row order counts; a NaN in the window is the result. Padding never is.
 *
 * @param shape - a {@link PoolShape}
 */
export function f32_max_pool2d(out: usize, argmax: usize, x: usize, shape: usize): void {
  const s = changetype<PoolShape>(shape);
  const share = newShare<PoolShare>();
  share.out = out;
  share.argmax = argmax;
  share.x = x;
  share.shape = s;
  const floats = s.batch * s.height * s.width * s.channels;
  runShared<Maxima, PoolShare>(share, s.batch * s.outHeight, floats);
}

@unmanaged
class Maxima {
  run(share: PoolShare, first: i32, end: i32, _thread: i32): void {
    poolRows(share, first, end);
  }
}

/** Rows `row` to `end - 1` of all images' results. */
function poolRows(share: PoolShare, row: i32, end: i32): void {
  const s = share.shape;
  const channels = s.channels;
  const columns = s.outWidth;
  const start = (<usize>row * columns * channels) << 2;
  let out = share.out + start;
  let argmax = share.argmax + start;
  for (; row < end; row++) {
    const image = row / s.outHeight;
    const top = (row - image * s.outHeight) * s.strideY - s.padTop;
    const y0 = max(top, 0);
    const y1 = min(top + s.kernelHeight, s.height);
    for (let ox = 0; ox < columns; ox++) {
      const left = ox * s.strideX - s.padLeft;
      const x0 = max(left, 0);
      const x1 = min(left + s.kernelWidth, s.width);
      const first = (image * s.height * s.width + y0 * s.width + x0) * channels;
      maxOfWindow(out, argmax, share.x, first, y1 - y0, x1 - x0, s.width * channels, channels);
      out += (<usize>channels) << 2;
      argmax += (<usize>channels) << 2;
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
 * @param length - floats of one image of dx; count - of dout and of argmax
 */
export function f32_max_pool2d_dx(
  dx: usize,
  dout: usize,
  argmax: usize,
  batch: i32,
  length: i32,
  count: i32,
  accumulate: bool,
): void {
  const share = newShare<PoolGradShare>();
  share.dx = dx;
  share.dout = dout;
  share.argmax = argmax;
  share.length = length;
  share.count = count;
  share.accumulate = accumulate;
  runShared<ImageGradients, PoolGradShare>(share, batch, batch * length);
}

@unmanaged
class ImageGradients {
  run(share: PoolGradShare, first: i32, end: i32, _thread: i32): void {
    const dx = share.dx;
    const image = (<usize>share.length) << 2;
    if (!share.accumulate) memory.fill(dx + image * first, 0, image * (end - first));
    const start = (<usize>first * share.count) << 2;
    let argmax = share.argmax + start;
    let dout = share.dout + start;
    const last = dout + ((<usize>(end - first) * share.count) << 2);
    for (; dout < last; dout += 4, argmax += 4) {
      const at = dx + ((<usize>load<i32>(argmax)) << 2);
      store<f32>(at, load<f32>(at) + load<f32>(dout));
    }
  }
}

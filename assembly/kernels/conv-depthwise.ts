// Convolutions in which every channel has a filter of its own: neighbouring channels fill the vectors.

import { madd } from "../simd";
import { Pixel, Run } from "./conv-tile";

/**
 * out[pixel, c] = (accumulate ? out : 0) + sum over the runs of source[run, c] * w[run, c], then + bias and relu.
 *
 * @param runs - one {@link Run} per tap, of length 1
 */
export function depthwiseProduct(
  out: usize,
  source: usize,
  pixels: usize,
  pixelsEnd: usize,
  runs: usize,
  runsEnd: usize,
  w: usize,
  channels: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
): void {
  const bytes = (<usize>channels) << 2;
  for (; pixels != pixelsEnd; pixels += offsetof<Pixel>()) {
    const from = source + changetype<Pixel>(pixels).source;
    const to = out + changetype<Pixel>(pixels).target;
    let c: usize = 0;
    for (; c + 32 <= bytes; c += 32) {
      let low = f32x4.splat(0);
      let high = low;
      if (accumulate) {
        low = v128.load(to + c);
        high = v128.load(to + c, 16);
      }
      for (let run = runs; run != runsEnd; run += offsetof<Run>()) {
        const x = from + changetype<Run>(run).offset + c;
        const f = w + changetype<Run>(run).weights + c;
        low = madd(v128.load(x), v128.load(f), low);
        high = madd(v128.load(x, 16), v128.load(f, 16), high);
      }
      if (bias != 0) {
        low = f32x4.add(low, v128.load(bias + c));
        high = f32x4.add(high, v128.load(bias + c, 16));
      }
      if (activation == 1) {
        low = f32x4.max(low, f32x4.splat(0));
        high = f32x4.max(high, f32x4.splat(0));
      }
      v128.store(to + c, low);
      v128.store(to + c, high, 16);
    }
    for (; c < bytes; c += 4) {
      let sum = f32x4.splat(accumulate ? load<f32>(to + c) : 0);
      for (let run = runs; run != runsEnd; run += offsetof<Run>()) {
        const x = v128.load32_splat(from + changetype<Run>(run).offset + c);
        sum = madd(x, v128.load32_splat(w + changetype<Run>(run).weights + c), sum);
      }
      let value = f32x4.extract_lane(sum, 0);
      if (bias != 0) value += load<f32>(bias + c);
      if (activation == 1) value = max<f32>(value, 0);
      store<f32>(to + c, value);
    }
  }
}

/**
 * dw[run, c] = (accumulate ? dw : 0) + sum over the pixels, in order, of source[run, c] * dout[pixel, c].
 *
 * @param dout - first pixel's row; the others follow it
 */
export function depthwiseFilterGrad(
  dw: usize,
  source: usize,
  pixels: usize,
  pixelsEnd: usize,
  runs: usize,
  runsEnd: usize,
  dout: usize,
  channels: i32,
  accumulate: bool,
): void {
  const bytes = (<usize>channels) << 2;
  for (let run = runs; run != runsEnd; run += offsetof<Run>()) {
    const from = source + changetype<Run>(run).offset;
    const to = dw + changetype<Run>(run).weights;
    let c: usize = 0;
    for (; c + 32 <= bytes; c += 32) {
      let low = f32x4.splat(0);
      let high = low;
      if (accumulate) {
        low = v128.load(to + c);
        high = v128.load(to + c, 16);
      }
      let g = dout + c;
      for (let pixel = pixels; pixel != pixelsEnd; pixel += offsetof<Pixel>()) {
        const x = from + changetype<Pixel>(pixel).source + c;
        low = madd(v128.load(x), v128.load(g), low);
        high = madd(v128.load(x, 16), v128.load(g, 16), high);
        g += bytes;
      }
      v128.store(to + c, low);
      v128.store(to + c, high, 16);
    }
    for (; c < bytes; c += 4) {
      let sum = f32x4.splat(accumulate ? load<f32>(to + c) : 0);
      let g = dout + c;
      for (let pixel = pixels; pixel != pixelsEnd; pixel += offsetof<Pixel>()) {
        const x = v128.load32_splat(from + changetype<Pixel>(pixel).source + c);
        sum = madd(x, v128.load32_splat(g), sum);
        g += bytes;
      }
      store<f32>(to + c, f32x4.extract_lane(sum, 0));
    }
  }
}

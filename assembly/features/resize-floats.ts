/** Resamples pictures of f32. Sums are added from the first source position to the last, in both builds. */
import { add, constant, mul, read, splat, write } from "../lanes";

/**
 * dst[out, column] = sum over the span of `out` of weight * src[row, column], for all rows of `columns` numbers.
 *
 * @param spans - i32 first row and number of rows, per output row
 * @param weights - f32, `taps` per output row
 */
export function f32_resize_y(
  dst: usize,
  src: usize,
  columns: i32,
  outRows: i32,
  spans: usize,
  weights: usize,
  taps: i32,
): void {
  const stride = (<usize>columns) << 2;
  for (let out = 0; out < outRows; out++, spans += 8, weights += (<usize>taps) << 2) {
    const from = src + <usize>load<i32>(spans) * stride;
    const count = load<i32>(spans, 4);
    // In order: what a vector writes past a row's end, the next row overwrites.
    if (ASC_FEATURE_SIMD) weigh<v128>(dst, from, stride, stride, weights, count);
    else weigh<f32>(dst, from, stride, stride, weights, count);
    dst += stride;
  }
}

/** dst[row, out, channel] = sum over the span of `out` of weight * src[row, x, channel]. */
export function f32_resize_x(
  dst: usize,
  src: usize,
  width: i32,
  rows: i32,
  channels: i32,
  outWidth: i32,
  spans: usize,
  weights: usize,
  taps: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>width * pixel;
  for (const end = src + <usize>rows * row; src < end; src += row) {
    let span = spans;
    let weight = weights;
    for (let out = 0; out < outWidth; out++, span += 8, weight += (<usize>taps) << 2) {
      const from = src + <usize>load<i32>(span) * pixel;
      // A pixel of three or four channels fills a vector; what it writes more, the next pixel overwrites.
      if (ASC_FEATURE_SIMD && channels >= 3) {
        weigh<v128>(dst, from, pixel, pixel, weight, load<i32>(span, 4));
      } else weigh<f32>(dst, from, pixel, pixel, weight, load<i32>(span, 4));
      dst += pixel;
    }
  }
}

function weigh<T>(
  dst: usize,
  src: usize,
  stride: usize,
  bytes: usize,
  weights: usize,
  count: i32,
): void {
  for (let i: usize = 0; i < bytes; i += sizeof<T>()) {
    let sum = splat<T>(0);
    let from = src + i;
    for (let k = 0; k < count; k++, from += stride) {
      sum = add<T>(sum, mul<T>(constant<T>(weights, k), read<T>(from)));
    }
    write<T>(dst + i, sum);
  }
}

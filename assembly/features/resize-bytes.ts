/**
 * Resamples pictures of bytes, with Pillow's numbers to the last bit: weights in fixed point with 22 bits behind the
 * point, sums rounded and cut to 0..255 after each of the two passes.
 *
 * A weight is more than the 16 bits that vectors multiply fast, so it comes in two parts, weight = high 2^15 + low, whose
 * sums are joined at the end. Integer arithmetic modulo 2^32: exact, however the parts overflow.
 *
 * Weights come in pairs of source positions: four i16, high high low low. An odd last one is paired with zero, so one
 * row past the source is read, but counts for nothing.
 */
const POINT = 22;
const HALF: i32 = 1 << (POINT - 1);
const LOW_BITS = 15;
/** Rows that are turned over together. */
const ROWS = 16;

/** Bytes of `work` that `u8_resize_x` needs. */
export function u8_resize_work_bytes(width: i32, outWidth: i32, channels: i32): usize {
  return (<usize>(width + 1 + outWidth) * <usize>channels + 64) << 4;
}

/**
 * dst[out, column] = sum over the span of `out` of weight * src[row, column], for all rows of `bytes` bytes.
 *
 * @param spans - i32 first row and number of pairs, per output row
 * @param weights - `pairs` pairs per output row
 */
export function u8_resize_y(
  dst: usize,
  src: usize,
  bytes: i32,
  outRows: i32,
  spans: usize,
  weights: usize,
  pairs: i32,
): void {
  const stride = <usize>bytes;
  for (let out = 0; out < outRows; out++, spans += 8, weights += (<usize>pairs) << 3) {
    const from = src + <usize>load<i32>(spans) * stride;
    weigh(dst, from, stride, stride, weights, load<i32>(spans, 4));
    // In order: what a vector writes past a row's end, the next row overwrites.
    dst += stride;
  }
}

/**
 * dst[row, out, channel] = sum over the span of `out` of weight * src[row, x, channel].
 *
 * Sixteen rows at a time are turned over, so that a column of theirs is one vector and this pass is the other one.
 */
export function u8_resize_x(
  dst: usize,
  src: usize,
  width: i32,
  rows: i32,
  channels: i32,
  outWidth: i32,
  spans: usize,
  weights: usize,
  pairs: i32,
  work: usize,
): void {
  const bytes = <usize>(width * channels);
  const outBytes = <usize>(outWidth * channels);
  if (ASC_FEATURE_SIMD) {
    const turned = work + 512;
    const turnedOut = turned + ((bytes + <usize>channels) << 4) + 128;
    for (let row = 0; row < rows; row += ROWS) {
      const count = min(ROWS, rows - row);
      turn(turned, src + <usize>row * bytes, bytes, count, work);
      u8_resize_y(turnedOut, turned, channels << 4, outWidth, spans, weights, pairs);
      turnBack(dst + <usize>row * outBytes, turnedOut, outBytes, count, work);
    }
  } else {
    for (let row = 0; row < rows; row++) {
      const from = src + <usize>row * bytes;
      let span = spans;
      let weight = weights;
      for (let out = 0; out < outWidth; out++, span += 8, weight += (<usize>pairs) << 3) {
        const first = from + <usize>(load<i32>(span) * channels);
        weigh(dst, first, <usize>channels, <usize>channels, weight, load<i32>(span, 4));
        dst += <usize>channels;
      }
    }
  }
}

/** dst[i] = sum of weight[k] * src[k * stride + i], i < bytes; vectors of eight write up to seven bytes more. */
function weigh(
  dst: usize,
  src: usize,
  stride: usize,
  bytes: usize,
  weights: usize,
  pairs: i32,
): void {
  if (ASC_FEATURE_SIMD) {
    const half = i32x4.splat(HALF);
    for (let i: usize = 0; i < bytes; i += 8) {
      let high0 = i32x4.splat(0);
      let high1 = high0;
      let low0 = half;
      let low1 = half;
      let from = src + i;
      let weight = weights;
      for (let pair = 0; pair < pairs; pair++, weight += 8, from += stride << 1) {
        const both = interleave(v128.load64_zero(from), v128.load64_zero(from + stride));
        const x0 = i16x8.extend_low_i8x16_u(both);
        const x1 = i16x8.extend_high_i8x16_u(both);
        const high = v128.load32_splat(weight);
        const low = v128.load32_splat(weight + 4);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(x0, high));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(x1, high));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(x0, low));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(x1, low));
      }
      const sum0 = i32x4.shr_s(i32x4.add(i32x4.shl(high0, LOW_BITS), low0), POINT);
      const sum1 = i32x4.shr_s(i32x4.add(i32x4.shl(high1, LOW_BITS), low1), POINT);
      const words = i16x8.narrow_i32x4_s(sum0, sum1);
      v128.store64_lane(dst + i, i8x16.narrow_i16x8_u(words, words), 0);
    }
  } else {
    for (let i: usize = 0; i < bytes; i++) {
      let sum = HALF;
      let from = src + i;
      let weight = weights;
      for (let pair = 0; pair < pairs; pair++, weight += 8, from += stride << 1) {
        const first = ((<i32>load<i16>(weight)) << LOW_BITS) + <i32>load<i16>(weight, 4);
        const second = ((<i32>load<i16>(weight, 2)) << LOW_BITS) + <i32>load<i16>(weight, 6);
        sum += first * <i32>load<u8>(from);
        if (second != 0) sum += second * <i32>load<u8>(from + stride);
      }
      store<u8>(dst + i, <u8>max(0, min(255, sum >> POINT)));
    }
  }
}

/** a0 b0 a1 b1 .. a7 b7. */
function interleave(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** a8 b8 a9 b9 .. a15 b15. */
function interleaveHigh(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** dst[i, row] = src[row, i] for `count` rows of `bytes` bytes, as sixteen rows: the last one stands for those missing. */
function turn(dst: usize, src: usize, bytes: usize, count: i32, work: usize): void {
  for (let i: usize = 0; i < bytes; i += 16, dst += 256) {
    for (let pair = 0; pair < 8; pair++) {
      const a = v128.load(src + <usize>min(pair, count - 1) * bytes + i);
      const b = v128.load(src + <usize>min(pair + 8, count - 1) * bytes + i);
      v128.store(work + ((<usize>pair) << 5), interleave(a, b));
      v128.store(work + ((<usize>pair) << 5), interleaveHigh(a, b), 16);
    }
    shuffleRows(work + 256, work);
    shuffleRows(work, work + 256);
    shuffleRows(dst, work);
  }
}

/** dst[row, i] = src[i, row] for the first `count` of sixteen rows. */
function turnBack(dst: usize, src: usize, bytes: usize, count: i32, work: usize): void {
  for (let i: usize = 0; i < bytes; i += 16, src += 256) {
    shuffleRows(work, src);
    shuffleRows(work + 256, work);
    shuffleRows(work, work + 256);
    shuffleRows(work + 256, work);
    const left = bytes - i;
    for (let row = 0; row < count; row++) {
      const from = work + 256 + ((<usize>row) << 4);
      const to = dst + <usize>row * bytes + i;
      if (left >= 16) v128.store(to, v128.load(from));
      else memory.copy(to, from, left);
    }
  }
}

/**
 * One of four equal rounds that turn over 16 x 16 bytes: with row and column written as one number of eight bits, each
 * moves the upper bit to the lower end.
 */
function shuffleRows(dst: usize, src: usize): void {
  for (let pair: usize = 0; pair < 128; pair += 16) {
    const a = v128.load(src + pair);
    const b = v128.load(src + pair, 128);
    v128.store(dst + (pair << 1), interleave(a, b));
    v128.store(dst + (pair << 1), interleaveHigh(a, b), 16);
  }
}

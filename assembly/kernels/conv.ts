// Two-dimensional convolution and its gradients. Layouts and sizes: conv-shape.ts.
//
// 1 x 1 is a matrix product over pixels; 3 x 3 goes by Winograd's transforms where they save work (winograd-plan.ts);
// else each output is one chain of additions: forward over (ky, kx, channel), the input's gradient over the output
// positions that read it and their channels, the filter's over (image, y, x); all ascending. What lies in the padding is
// left out, but takes part as zeros in the filter's gradient. Threads share outputs, never a chain.

import { directForward, directInputGrad } from "./conv-direct";
import { directFilterGrad } from "./conv-direct-filter";
import { directScratchBytes } from "./conv-job";
import { convFilterGradScalar, convInputGradScalar, convScalar } from "./conv-scalar";
import { ConvShape } from "./conv-shape";
import { f32_gemm, f32_gemm_scratch_bytes } from "./gemm";
import { winogradForward, winogradInputGrad } from "./winograd";
import { winogradFilterGrad, winogradFilterGradScratchBytes } from "./winograd-filter-grad";
import { winogradInputGradScratchBytes, winogradScratchBytes } from "./winograd-job";
import { winogradSize } from "./winograd-plan";

function forwardSize(s: ConvShape): i32 {
  return winogradSize(s, s.outHeight, s.outWidth);
}

function inputGradSize(s: ConvShape): i32 {
  return winogradSize(s, s.height, s.width);
}

/** Bytes of scratch that suffice for {@link f32_conv2d} and both of its gradients. */
export function f32_conv2d_scratch_bytes(shape: usize): usize {
  const s = changetype<ConvShape>(shape);
  if (s.isPointwise) return f32_gemm_scratch_bytes();
  const forward = forwardSize(s);
  const inputGrad = inputGradSize(s);
  let bytes: usize = 0;
  if (forward > 0) {
    bytes = max(winogradScratchBytes(s, forward), winogradFilterGradScratchBytes(s, forward));
  }
  if (inputGrad > 0) bytes = max(bytes, winogradInputGradScratchBytes(s, inputGrad));
  if (ASC_FEATURE_SIMD && min(forward, inputGrad) == 0) bytes = max(bytes, directScratchBytes(s));
  return bytes;
}

/**
 * out = activation(x * w + bias), [batch, outHeight, outWidth, outChannels].
 *
 * @param bias - outChannels floats, or 0 for none
 * @param activation - 0 none, 1 relu
 * @param shape - a {@link ConvShape}
 * @param scratch - `f32_conv2d_scratch_bytes(shape)` bytes, 16-byte aligned
 */
export function f32_conv2d(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  activation: i32,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  const size = forwardSize(s);
  if (size > 0) {
    winogradForward(out, x, w, bias, activation, s, size, scratch);
    return;
  }
  if (!ASC_FEATURE_SIMD) {
    convScalar(out, x, w, bias, activation, s);
    return;
  }
  if (!s.isPointwise) {
    directForward(out, x, w, bias, activation, s, scratch);
    return;
  }
  const pixels = s.batch * s.height * s.width;
  const k = s.channels;
  const n = s.outChannels;
  f32_gemm(out, x, w, pixels, n, k, k, n, n, false, false, false, bias, activation, scratch);
}

/** dx[batch, height, width, channels] = (accumulate ? dx : 0) + the gradient of x, from dout and w. */
export function f32_conv2d_dx(
  dx: usize,
  dout: usize,
  w: usize,
  accumulate: bool,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  const size = inputGradSize(s);
  if (size > 0) {
    winogradInputGrad(dx, dout, w, accumulate, s, size, scratch);
    return;
  }
  if (!ASC_FEATURE_SIMD) {
    convInputGradScalar(dx, dout, w, accumulate, s);
    return;
  }
  if (!s.isPointwise) {
    directInputGrad(dx, dout, w, accumulate, s, scratch);
    return;
  }
  const pixels = s.batch * s.height * s.width;
  const n = s.channels;
  const k = s.outChannels;
  f32_gemm(dx, dout, w, pixels, n, k, k, k, n, false, true, accumulate, 0, 0, scratch);
}

/** dw[kernelHeight, kernelWidth, channels / groups, outChannels] = (accumulate ? dw : 0) + the gradient of w. */
export function f32_conv2d_dw(
  dw: usize,
  x: usize,
  dout: usize,
  accumulate: bool,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  if (s.batch == 0 && !accumulate) {
    memory.fill(dw, 0, (<usize>(s.filterFloats * s.outChannels)) << 2);
  }
  const size = forwardSize(s);
  if (size > 0) {
    winogradFilterGrad(dw, x, dout, accumulate, s, size, scratch);
    return;
  }
  if (!ASC_FEATURE_SIMD) {
    convFilterGradScalar(dw, x, dout, accumulate, s);
    return;
  }
  if (!s.isPointwise) {
    directFilterGrad(dw, x, dout, accumulate, s, scratch);
    return;
  }
  const pixels = s.batch * s.height * s.width;
  const m = s.channels;
  const n = s.outChannels;
  f32_gemm(dw, x, dout, m, n, pixels, m, n, n, true, false, accumulate, 0, 0, scratch);
}

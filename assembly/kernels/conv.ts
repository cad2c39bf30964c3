// Two-dimensional convolution and its gradients. Layouts and sizes: conv-shape.ts.
//
// Each output is one chain of additions: forward over (ky, kx, channel), the input's gradient over the output positions
// that read it and their channels, the filter's over (image, y, x); all ascending, padding taking part as zeros.

import { depthwiseFilterGrad, depthwiseProduct } from "./conv-depthwise";
import { FILTER_BYTES, filterGrad } from "./conv-filter";
import { addForwardRuns, addPhaseRuns, clearPhase, planForward, planPhase } from "./conv-plan";
import { PRODUCT_BYTES, productOverRuns } from "./conv-product";
import { convFilterGradScalar, convInputGradScalar, convScalar } from "./conv-scalar";
import { ConvShape } from "./conv-shape";
import { Sweep } from "./conv-sweep";
import { f32_gemm, f32_gemm_scratch_bytes } from "./gemm";

const SWEEP_BYTES: usize = 128;
/** Where sizes are worked out when there is no scratch yet. */
const PROBE: usize = memory.data(128, 16);

/** Bytes of scratch that suffice for {@link f32_conv2d} and both of its gradients. */
export function f32_conv2d_scratch_bytes(shape: usize): usize {
  if (!ASC_FEATURE_SIMD) return 0;
  const s = changetype<ConvShape>(shape);
  if (s.isPointwise) return f32_gemm_scratch_bytes();
  const sweep = changetype<Sweep>(PROBE);
  let tables = planForward(sweep, 0, 0, s);
  for (let y = 0; y < min(s.strideY, s.height); y++) {
    for (let x = 0; x < min(s.strideX, s.width); x++) {
      tables = max(tables, planPhase(sweep, 0, 0, s, y, x));
    }
  }
  return SWEEP_BYTES + tables + max(PRODUCT_BYTES, FILTER_BYTES);
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
  if (!ASC_FEATURE_SIMD) {
    convScalar(out, x, w, bias, activation, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      out,
      x,
      w,
      pixels,
      outputs,
      inputs,
      inputs,
      outputs,
      outputs,
      false,
      false,
      false,
      bias,
      activation,
      scratch,
    );
    return;
  }
  const sweep = changetype<Sweep>(scratch);
  const tables = scratch + SWEEP_BYTES;
  const product = tables + planForward(sweep, tables, x, s);
  addForwardRuns(sweep, s);
  for (let image = 0; image < s.batch; image += sweep.unitImages) {
    for (let row = 0; row < sweep.rows; row += sweep.unitRows) {
      sweep.enter(image, row);
      if (s.isDepthwise) {
        depthwiseProduct(
          out,
          sweep.base,
          sweep.pixels,
          sweep.pixelCount,
          sweep.runs,
          sweep.runCount,
          w,
          s.channels,
          false,
          bias,
          activation,
        );
        continue;
      }
      for (let group = 0; group < s.groups; group++) {
        const column = (<usize>(group * outputs)) << 2;
        productOverRuns(
          out + column,
          sweep.base + ((<usize>(group * inputs)) << 2),
          sweep.pixels,
          sweep.pixelCount,
          sweep.runs,
          sweep.runCount,
          w + column,
          (<usize>s.outChannels) << 2,
          false,
          outputs,
          false,
          bias != 0 ? bias + column : 0,
          activation,
          product,
        );
      }
    }
  }
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
  if (!ASC_FEATURE_SIMD) {
    convInputGradScalar(dx, dout, w, accumulate, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      dx,
      dout,
      w,
      pixels,
      inputs,
      outputs,
      outputs,
      outputs,
      inputs,
      false,
      true,
      accumulate,
      0,
      0,
      scratch,
    );
    return;
  }
  const sweep = changetype<Sweep>(scratch);
  const tables = scratch + SWEEP_BYTES;
  for (let y = 0; y < min(s.strideY, s.height); y++) {
    for (let x = 0; x < min(s.strideX, s.width); x++) {
      const bytes = planPhase(sweep, tables, dout, s, y, x);
      const first = dx + ((<usize>((y * s.width + x) * s.channels)) << 2);
      if (bytes == 0) {
        if (!accumulate) clearPhase(first, sweep, s.channels);
        continue;
      }
      addPhaseRuns(sweep, s, y, x);
      for (let image = 0; image < s.batch; image += sweep.unitImages) {
        for (let row = 0; row < sweep.rows; row += sweep.unitRows) {
          sweep.enter(image, row);
          if (s.isDepthwise) {
            depthwiseProduct(
              first,
              sweep.base,
              sweep.pixels,
              sweep.pixelCount,
              sweep.runs,
              sweep.runCount,
              w,
              s.channels,
              accumulate,
              0,
              0,
            );
            continue;
          }
          for (let group = 0; group < s.groups; group++) {
            const column = (<usize>(group * outputs)) << 2;
            productOverRuns(
              first + ((<usize>(group * inputs)) << 2),
              sweep.base + column,
              sweep.pixels,
              sweep.pixelCount,
              sweep.runs,
              sweep.runCount,
              w + column,
              (<usize>s.outChannels) << 2,
              true,
              inputs,
              accumulate,
              0,
              0,
              tables + bytes,
            );
          }
        }
      }
    }
  }
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
  if (!ASC_FEATURE_SIMD) {
    convFilterGradScalar(dw, x, dout, accumulate, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      dw,
      x,
      dout,
      inputs,
      outputs,
      pixels,
      inputs,
      outputs,
      outputs,
      true,
      false,
      accumulate,
      0,
      0,
      scratch,
    );
    return;
  }
  const sweep = changetype<Sweep>(scratch);
  const tables = scratch + SWEEP_BYTES;
  const product = tables + planForward(sweep, tables, x, s);
  addForwardRuns(sweep, s);
  const step = (<usize>s.outChannels) << 2;
  if (s.batch == 0 && !accumulate) {
    memory.fill(dw, 0, <usize>(s.kernelHeight * s.kernelWidth * inputs) * step);
  }
  for (let image = 0; image < s.batch; image += sweep.unitImages) {
    for (let row = 0; row < sweep.rows; row += sweep.unitRows) {
      sweep.enter(image, row);
      const pixel = (image * sweep.rows + row) * sweep.columns;
      const add = accumulate || image > 0 || row > 0;
      if (s.isDepthwise) {
        depthwiseFilterGrad(
          dw,
          sweep.base,
          sweep.pixels,
          sweep.pixelCount,
          sweep.runs,
          sweep.runCount,
          dout + <usize>pixel * step,
          s.channels,
          add,
        );
        continue;
      }
      for (let group = 0; group < s.groups; group++) {
        const column = (<usize>(group * outputs)) << 2;
        filterGrad(
          dw + column,
          sweep.base + ((<usize>(group * inputs)) << 2),
          sweep.pixels,
          sweep.pixelCount,
          sweep.runs,
          sweep.runCount,
          dout + <usize>pixel * step + column,
          step,
          outputs,
          add,
          product,
        );
      }
    }
  }
}

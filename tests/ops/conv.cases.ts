import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { type NdArray, nd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

type Four = [number, number, number, number];

interface Setting {
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  groups: number;
}

/** The definition: six loops. */
function convNd(x: NdArray, w: NdArray, bias: NdArray, setting: Setting): NdArray {
  const [n, height, width, channels] = x.shape as Four;
  const [kernelHeight, kernelWidth, inputs, outputs] = w.shape as Four;
  const { stride, padding, dilation, groups } = setting;
  const length = (axis: 0 | 1, size: number, kernel: number) =>
    Math.floor((size + 2 * padding[axis] - (kernel - 1) * dilation[axis] - 1) / stride[axis]) + 1;
  const outHeight = length(0, height, kernelHeight);
  const outWidth = length(1, width, kernelWidth);
  const out = nd(
    [n, outHeight, outWidth, outputs],
    new Float64Array(n * outHeight * outWidth * outputs),
  );
  for (let flat = 0; flat < out.data.length; flat++) {
    const o = flat % outputs;
    const ox = Math.floor(flat / outputs) % outWidth;
    const oy = Math.floor(flat / outputs / outWidth) % outHeight;
    const image = Math.floor(flat / outputs / outWidth / outHeight);
    const first = Math.floor(o / (outputs / groups)) * inputs;
    let sum = bias.data[o] as number;
    for (let ky = 0; ky < kernelHeight; ky++) {
      const y = oy * stride[0] - padding[0] + ky * dilation[0];
      if (y < 0 || y >= height) continue;
      for (let kx = 0; kx < kernelWidth; kx++) {
        const column = ox * stride[1] - padding[1] + kx * dilation[1];
        if (column < 0 || column >= width) continue;
        for (let c = 0; c < inputs; c++) {
          const value = x.data[((image * height + y) * width + column) * channels + first + c];
          const weight = w.data[((ky * kernelWidth + kx) * inputs + c) * outputs + o];
          sum += (value as number) * (weight as number);
        }
      }
    }
    out.data[flat] = sum;
  }
  return out;
}

/** Options that go with a length of the sweep, so that all combinations come by. */
function settingOf(n: number, x: readonly number[], w: readonly number[]): Setting {
  return {
    stride: [1 + (n & 1), 1 + ((n >> 1) & 1)],
    padding: [n % 3, (n + 1) % 2],
    dilation: [1, 1 + (n % 4 === 3 ? 1 : 0)],
    groups: (x[3] as number) / (w[2] as number),
  };
}

export const CONV_CASES = {
  conv2d: {
    lengths: Array.from({ length: 33 }, (_, n) => n + 1),
    shapes: (n) => [
      [[2, 4, 5, n], [3, 2, n, 3], [3]],
      [[1, 3, 4, 2], [2, 2, 2, n], [n]],
      [[1, 3, n + 2, 3], [2, 2, 3, 5], [5]],
      [[2, 3, 3, 2 * n], [2, 2, n, 4], [4]],
      [[n % 3, 3, 3, 4], [1, 1, 4, 8], [8]],
    ],
    run: ([x, w, bias], _engine, n) =>
      ops.conv2d(x, w, {
        bias,
        ...settingOf(n, x.shape, w.shape),
        activation: n % 5 === 0 ? "relu" : "none",
      }),
    reference: ([x, w, bias], n) => {
      const out = convNd(x, w, bias, settingOf(n, x.shape, w.shape));
      return n % 5 === 0
        ? nd(
            out.shape,
            out.data.map((v) => Math.max(v, 0)),
          )
        : out;
    },
    // Up to 200 products of values below 4.
    tolerance: 2e-5,
  },
} satisfies Partial<Record<OpName, OpCase>>;

import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { build, type NdArray, sizeOf } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

/** Window of 3 x 2 whose stride and padding go with the length of the sweep. */
const SIZE: [number, number] = [3, 2];
const optionsOf = (n: number) => ({
  stride: [1 + (n % 2), 1 + (n % 3)] as [number, number],
  padding: [n % 3, (n >> 1) % 2] as [number, number],
  countPadding: (n & 1) === 0,
});

/** Calls `reduce` with the values of each window that lie inside the image. */
function poolNd(x: NdArray, n: number, reduce: (values: number[]) => number): NdArray {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const { stride, padding } = optionsOf(n);
  const length = (axis: 0 | 1, size: number) =>
    Math.floor((size + 2 * padding[axis] - SIZE[axis]) / stride[axis]) + 1;
  const shape = [images, length(0, height), length(1, width), channels];
  return build(shape, (index) => {
    const [image, oy, ox, channel] = index as [number, number, number, number];
    const values: number[] = [];
    for (let ky = 0; ky < SIZE[0]; ky++) {
      const y = oy * stride[0] - padding[0] + ky;
      if (y < 0 || y >= height) continue;
      for (let kx = 0; kx < SIZE[1]; kx++) {
        const column = ox * stride[1] - padding[1] + kx;
        if (column < 0 || column >= width) continue;
        values.push(x.data[((image * height + y) * width + column) * channels + channel] as number);
      }
    }
    return reduce(values);
  });
}

const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0);

/** Inputs with n as channels, as width and as number of images. */
const shapes = (n: number) => [[[2, 4, 5, n]], [[1, 3, n + 2, 3]], [[n % 4, 4, 3, 8]]];

/** Larger, smaller, and the same height as the pictures. */
const targetOf = (n: number): [number, number] => [2 + (n % 5), 1 + ((3 * n) % 11)];
const modeOf = (n: number) => (n % 3 === 2 ? "nearest" : "bilinear");

/** Mixes of the nearest values: position (o + 1/2) size / target - 1/2, kept inside. */
function interpolateNd(x: NdArray, target: readonly [number, number], linear: boolean): NdArray {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const taps = (o: number, size: number, count: number): [number, number][] => {
    if (!linear) return [[Math.floor((o * size) / count), 1]];
    const position = Math.max(((o + 0.5) * size) / count - 0.5, 0);
    const first = Math.floor(position);
    const share = position - first;
    return [
      [first, 1 - share],
      [Math.min(first + 1, size - 1), share],
    ];
  };
  return build([images, ...target, channels], (index) => {
    const [image, oy, ox, channel] = index as [number, number, number, number];
    let value = 0;
    for (const [y, down] of taps(oy, height, target[0])) {
      for (const [column, across] of taps(ox, width, target[1])) {
        const at = ((image * height + y) * width + column) * channels + channel;
        value += down * across * (x.data[at] as number);
      }
    }
    return value;
  });
}

export const POOL_CASES = {
  maxPool2d: {
    shapes,
    run: ([x], _engine, n) => ops.maxPool2d(x, SIZE, optionsOf(n)),
    reference: ([x], n) => poolNd(x, n, (values) => Math.max(...values)),
    tolerance: 0,
    gradientTolerance: 1e-5,
  },
  avgPool2d: {
    shapes,
    run: ([x], _engine, n) => ops.avgPool2d(x, SIZE, optionsOf(n)),
    reference: ([x], n) =>
      poolNd(
        x,
        n,
        (values) => sum(values) / (optionsOf(n).countPadding ? SIZE[0] * SIZE[1] : values.length),
      ),
    tolerance: 1e-6,
  },
  globalAvgPool: {
    shapes: (n) => [[[2, 3, 2, n]], [[2, n + 1, 3]], [[n, 2, 5]]],
    run: ([x]) => ops.globalAvgPool(x),
    reference: ([x]) => {
      const [images, channels] = [x.shape[0] as number, x.shape.at(-1) as number];
      const pixels = sizeOf(x.shape.slice(1, -1));
      return build([images, channels], ([image, channel]) => {
        const first = (image as number) * pixels;
        const values = Array.from(
          { length: pixels },
          (_, p) => x.data[(first + p) * channels + (channel as number)] as number,
        );
        return sum(values) / pixels;
      });
    },
    tolerance: 2e-6,
  },
  interpolate: {
    shapes,
    run: ([x], _engine, n) => ops.interpolate(x, targetOf(n), { mode: modeOf(n) }),
    reference: ([x], n) => interpolateNd(x, targetOf(n), modeOf(n) === "bilinear"),
    tolerance: 1e-6,
  },
} satisfies Partial<Record<OpName, OpCase>>;

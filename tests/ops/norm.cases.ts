import type { Engine } from "../../src/engine/engine.ts";
import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { type NdArray, nd, sizeOf } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

const EPS = 1e-3;

/** Values that share a mean and a variance, moved to 0 and 1. */
function standardize(values: readonly number[]): number[] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return values.map((v) => (v - mean) / Math.sqrt(variance + EPS));
}

function running(engine: Engine, channels: number) {
  const index = Array.from({ length: channels }, (_, c) => c);
  return {
    runningMean: engine.tensor(index.map((c) => runningMean(c))),
    runningVar: engine.tensor(index.map((c) => runningVar(c))),
  };
}

const runningMean = (channel: number) => 0.25 * (channel % 3) - 0.25;
const runningVar = (channel: number) => 0.5 + (channel % 4);

/** gamma and beta by column around `normalized`, which gives x's normal form. */
function affine(x: NdArray, gamma: NdArray, beta: NdArray, normalized: ArrayLike<number>): NdArray {
  const channels = gamma.data.length;
  return nd(
    x.shape,
    Array.from(normalized, (v, flat) => {
      const channel = flat % channels;
      return v * (gamma.data[channel] as number) + (beta.data[channel] as number);
    }),
  );
}

export const NORM_CASES = {
  layerNorm: {
    shapes: (n) => [
      [[3, n], [n], [n]],
      [[n, 5], [5], [5]],
      [[2, 2, n], [n], [n]],
    ],
    run: ([x, gamma, beta]) => ops.layerNorm(x, gamma, beta, EPS),
    reference: ([x, gamma, beta]) => {
      const n = gamma.data.length;
      const rows = Array.from({ length: n === 0 ? 0 : x.data.length / n }, (_, i) =>
        standardize([...x.data.subarray(i * n, (i + 1) * n)]),
      );
      return affine(x, gamma, beta, rows.flat());
    },
    tolerance: 5e-6,
    // A row of two close values divides by a small deviation.
    gradientTolerance: 1e-4,
  },
  batchNorm: {
    // Lengths divisible by 3 evaluate; the others train.
    shapes: (n) => [
      [[5, n], [n], [n]],
      [[2, 3, n], [n], [n]],
      [[n, 3], [3], [3]],
    ],
    run: ([x, gamma, beta], engine, n) =>
      ops.batchNorm(
        x,
        { gamma, beta, ...running(engine, gamma.size) },
        { training: n % 3 !== 0, eps: EPS },
      ),
    reference: ([x, gamma, beta], n) => {
      const channels = gamma.data.length;
      const rows = sizeOf(x.shape.slice(0, -1));
      const normalized = new Float64Array(x.data.length);
      for (let c = 0; c < channels; c++) {
        const values = Array.from({ length: rows }, (_, i) => x.data[i * channels + c] as number);
        const normal =
          n % 3 !== 0 && rows > 1
            ? standardize(values)
            : values.map((v) => (v - runningMean(c)) / Math.sqrt(runningVar(c) + EPS));
        normal.forEach((v, i) => {
          normalized[i * channels + c] = v;
        });
      }
      return affine(x, gamma, beta, normalized);
    },
    tolerance: 5e-6,
    gradientTolerance: 1e-4,
  },
} satisfies Partial<Record<OpName, OpCase>>;

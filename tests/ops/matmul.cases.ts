import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { at, build, type NdArray } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

/** Sums of up to 33 products of values below 4 in f32. */
const TOLERANCE = 5e-6;

/** Product over the last two axes, leading axes as NumPy broadcasts them. */
export function matmulNd(a: NdArray, b: NdArray, transA = false, transB = false): NdArray {
  const m = a.shape.at(transA ? -1 : -2) as number;
  const k = a.shape.at(transA ? -2 : -1) as number;
  const n = b.shape.at(transB ? -2 : -1) as number;
  const lead = (a.shape.length >= b.shape.length ? a : b).shape.slice(0, -2);
  return build([...lead, m, n], (index) => {
    const batch = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let p = 0; p < k; p++) {
      const left = at(a, [
        ...batch.slice(lead.length + 2 - a.shape.length),
        ...(transA ? [p, i] : [i, p]),
      ]);
      const right = at(b, [
        ...batch.slice(lead.length + 2 - b.shape.length),
        ...(transB ? [j, p] : [p, j]),
      ]);
      sum += left * right;
    }
    return sum;
  });
}

export const MATMUL_CASES = {
  matmul: {
    // Which axes are transposed goes with n, so that the sweep meets all four, with each length as m, k and n.
    shapes: (n) => {
      const a = n & 1 ? [n, 3] : [3, n];
      const b = n & 2 ? [5, n] : [n, 5];
      return [
        [a, b],
        [
          [2, ...a],
          [2, ...b],
        ],
        [[2, ...a], b],
        [a, [2, ...b]],
        [n & 1 ? [4, n] : [n, 4], n & 2 ? [3, 4] : [4, 3]],
        [n & 1 ? [4, 3] : [3, 4], n & 2 ? [n, 4] : [4, n]],
      ];
    },
    run: ([a, b], _engine, n) =>
      ops.matmul(a, b, { transposeA: (n & 1) !== 0, transposeB: (n & 2) !== 0 }),
    reference: ([a, b], n) => matmulNd(a, b, (n & 1) !== 0, (n & 2) !== 0),
    tolerance: TOLERANCE,
  },
  linear: {
    shapes: (n) => [
      [[3, n], [5, n], [5]],
      [[n, 4], [3, 4], [3]],
      [[2, 2, 3], [n, 3], [n]],
    ],
    run: ([x, weight, bias], _engine, n) =>
      n & 1 ? ops.linear(x, weight, { bias, activation: "relu" }) : ops.linear(x, weight, { bias }),
    reference: ([x, weight, bias], n) => {
      const product = matmulNd(x, weight, false, true);
      return build(product.shape, (index) => {
        const sum = at(product, index) + at(bias, index);
        return n & 1 ? Math.max(sum, 0) : sum;
      });
    },
    tolerance: TOLERANCE,
  },
} satisfies Partial<Record<OpName, OpCase>>;

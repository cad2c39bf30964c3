import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { build, type NdArray } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

const at = (x: NdArray, row: number, column: number): number =>
  x.data[row * (x.shape[1] as number) + column] as number;

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

export const RECURRENCE_CASES = {
  gruCell: {
    shapes: (n) => [
      [
        [3, 3 * n],
        [3, 3 * n],
        [3, n],
      ],
      [
        [n, 15],
        [n, 15],
        [n, 5],
      ],
    ],
    run: ([x, g, h]) => ops.gruCell(x, g, h),
    reference: ([x, g, h]) => {
      const d = h.shape[1] as number;
      return build(h.shape, ([i = 0, j = 0]) => {
        const r = sigmoid(at(x, i, j) + at(g, i, j));
        const z = sigmoid(at(x, i, d + j) + at(g, i, d + j));
        const c = Math.tanh(at(x, i, 2 * d + j) + r * at(g, i, 2 * d + j));
        return (1 - z) * c + z * at(h, i, j);
      });
    },
    tolerance: 2e-6,
  },
} satisfies Partial<Record<OpName, OpCase>>;

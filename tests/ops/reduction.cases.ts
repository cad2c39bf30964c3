import type { Tensor } from "../../src/engine/tensor.ts";
import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { at, build, type NdArray, nd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

type Reduce = (x: Tensor, options?: ops.ReductionOptions) => Tensor;

/** Options per variant of the shapes below: all, a row, columns (few and many), keepDims. */
function optionsOf(x: { shape: readonly number[] }): ops.ReductionOptions {
  const { shape } = x;
  if (shape.length === 1) return {};
  if (shape.length === 2) return { axis: -1 };
  if (shape.length === 3) return { axis: 1, keepDims: true };
  return shape[0] === 1 ? { keepDims: true } : { axis: 0 };
}

const SHAPES: OpCase["shapes"] = (n) => [
  [[n]],
  [[3, n]],
  [[2, 5, n]],
  [[2, n, 3]],
  [[3, 1, 2, n]],
  [[1, 2, 1, n]],
];

function reduceCase(
  reduce: Reduce,
  f: (values: number[]) => number,
  rest: Partial<OpCase> = {},
): OpCase {
  return {
    shapes: SHAPES,
    run: ([x]) => reduce(x, optionsOf(x)),
    reference: ([x]) => reduceNd(x, optionsOf(x), f),
    tolerance: 5e-7,
    ...rest,
  };
}

function reduceNd(
  x: NdArray,
  { axis, keepDims }: ops.ReductionOptions,
  f: (values: number[]) => number,
): NdArray {
  if (axis === undefined) return nd(keepDims ? x.shape.map(() => 1) : [], [f([...x.data])]);
  const along = axis < 0 ? axis + x.shape.length : axis;
  const kept = x.shape.map((length, i) => (i === along ? 1 : length));
  const { data } = build(kept, (index) =>
    f(
      Array.from({ length: x.shape[along] as number }, (_, l) =>
        at(
          x,
          index.map((position, i) => (i === along ? l : position)),
        ),
      ),
    ),
  );
  return nd(keepDims ? kept : kept.filter((_, i) => i !== along), data);
}

const LENGTHS = Array.from({ length: 34 }, (_, n) => n);
const NOT_EMPTY = LENGTHS.slice(1);
const total = (values: number[]) => values.reduce((sum, x) => sum + x, 0);

export const REDUCTION_CASES = {
  argmax: reduceCase(ops.argmax, (v) => v.indexOf(Math.max(...v)), {
    lengths: NOT_EMPTY,
    tolerance: 0,
    gradientTolerance: null,
  }),
  logSumExp: reduceCase(ops.logSumExp, (v) => Math.log(total(v.map(Math.exp))), {
    lengths: NOT_EMPTY,
  }),
  max: reduceCase(ops.max, (v) => Math.max(...v), { lengths: NOT_EMPTY, tolerance: 0 }),
  mean: reduceCase(ops.mean, (v) => total(v) / v.length, { lengths: NOT_EMPTY }),
  sum: reduceCase(ops.sum, total, { tolerance: 2e-6 }),
} satisfies Partial<Record<OpName, OpCase>>;

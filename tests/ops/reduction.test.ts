import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/engine/errors.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const { simd } = ENGINES;
const INF = Number.POSITIVE_INFINITY;
const REDUCTIONS = {
  argmax: ops.argmax,
  logSumExp: ops.logSumExp,
  max: ops.max,
  mean: ops.mean,
  sum: ops.sum,
};

function result(reduce: (x: Tensor) => Tensor, values: number[]): number {
  return simd.scope(() => reduce(simd.tensor(values)).item());
}

describe("reductions", () => {
  for (const [name, reduce] of Object.entries(REDUCTIONS)) {
    it(`${name}() names the axes that there are`, () => {
      simd.scope(() => {
        const x = simd.tensor(0, [2, 3]);
        expect(() => reduce(x, { axis: 2 })).toThrow(ShapeError);
        expect(() => reduce(x, { axis: -3 })).toThrow(
          `${name}: Cannot use axis -3 of shape [2, 3]: expected -2 to 1, got -3`,
        );
        expect(() => reduce(simd.tensor(1), { axis: 0 })).toThrow(
          `${name}: Cannot use axis 0 of shape []: expected none, as a scalar has no axes, got 0`,
        );
      });
    });
  }

  it("of nothing: 0, NaN, -infinity, and no position", () => {
    expect(result(ops.sum, [])).toBe(0);
    expect(result(ops.mean, [])).toBe(Number.NaN);
    expect(result(ops.max, [])).toBe(-INF);
    expect(result(ops.logSumExp, [])).toBe(-INF);
    expect(() => result(ops.argmax, [])).toThrow(
      "argmax: Cannot choose from nothing: expected a length >= 1, got shape [0]",
    );
    simd.scope(() => {
      const empty = simd.tensor(0, [0, 3], { requiresGrad: true });
      const sums = ops.sum(empty, { axis: 0 });
      expect(Array.from(sums.toArray())).toEqual([0, 0, 0]);
      simd.backward(ops.sum(sums));
    });
  });

  it("with NaN and infinities", () => {
    const values = [1, Number.NaN, 3, 2, 2];
    expect(result(ops.max, values)).toBe(Number.NaN);
    expect(result(ops.logSumExp, values)).toBe(Number.NaN);
    expect(result(ops.argmax, values)).toBe(2);
    expect(result(ops.logSumExp, [1, INF])).toBe(INF);
    expect(result(ops.logSumExp, [-INF, -INF])).toBe(-INF);
    expect(result(ops.logSumExp, [-INF, 3])).toBe(3);
    expect(result(ops.logSumExp, [1000, 1000])).toBeCloseTo(1000 + Math.log(2), 4);
  });
});

describe("gradients of reductions", () => {
  const gradientOf = (reduce: (x: Tensor) => Tensor, values: number[]) =>
    simd.scope(() => {
      const x = simd.tensor(values, [values.length], { requiresGrad: true });
      simd.backward(reduce(x));
      return Array.from(simd.gradient(x) as Float32Array);
    });

  it("max() gives all to the first of equals", () => {
    expect(gradientOf(ops.max, [1, 5, 5, 2, 5])).toEqual([0, 1, 0, 0, 0]);
  });

  it("logSumExp() gives 0, not NaN, where all are -infinity", () => {
    expect(gradientOf(ops.logSumExp, [-INF, -INF])).toEqual([0, 0]);
  });
});

describe("sum()", () => {
  it("gives a row the same bits wherever it lies", () => {
    const row = Array.from({ length: 37 }, (_, i) => Math.fround(1 / (i + 3)));
    simd.scope(() => {
      const alone = ops.sum(simd.tensor(row)).item();
      const among = ops.sum(simd.tensor([...row, ...row, ...row], [3, 37]), { axis: 1 });
      expect(Array.from(among.toArray())).toEqual([alone, alone, alone]);
    });
  });
});

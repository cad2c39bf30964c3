import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const { simd } = ENGINES;

describe("shape errors", () => {
  const x = () => simd.tensor(0, [2, 3]);
  const rows: [string, () => unknown][] = [
    [
      "reshape: Cannot reshape [2, 3] to [4]: expected 6 elements, got 4",
      () => ops.reshape(x(), [4]),
    ],
    [
      "reshape: Cannot reshape [2, 3] to [-1, 4]: expected 6 elements, got 4",
      () => ops.reshape(x(), [-1, 4]),
    ],
    [
      "permute: Cannot reorder the axes of [2, 3]: expected an order of [0, 1], got [0, 0]",
      () => ops.permute(x(), [0, 0]),
    ],
    [
      "broadcastTo: Cannot repeat: expected lengths equal or 1 to those of [3, 3] from the last axis, got [2, 3]",
      () => ops.broadcastTo(x(), [3, 3]),
    ],
    [
      "slice: Cannot cut axis 1 of [2, 3]: expected 0 <= start <= end <= 3, got 1 to 4",
      () => ops.slice(x(), 1, 1, 4),
    ],
    [
      "concat: Cannot join: expected equal lengths but for axis 0, got [2, 3] and [2, 4]",
      () => ops.concat([x(), simd.tensor(0, [2, 4])], 0),
    ],
    ["concat: Cannot join tensors: expected at least 1, got 0", () => ops.concat([], 0)],
    [
      "concat: Cannot join tensors: expected one engine and one type, got several",
      () => ops.concat([x(), simd.tensor(0, [2, 3], { dtype: "i32" })], 0),
    ],
    [
      "slice: Cannot move elements: expected type f32 or i32, got f64",
      () => ops.slice(simd.tensor([1, 2], [2], { dtype: "f64" }), 0, 1),
    ],
    [
      "where: Cannot broadcast: expected lengths equal or 1 from the last axis, got [2, 3] and [2, 3] and [4]",
      () => ops.where(x(), x(), simd.tensor(0, [4])),
    ],
  ];
  for (const [message, call] of rows) {
    it(message, () => simd.scope(() => expect(call).toThrow(message)));
  }
});

describe("shape ops", () => {
  const gradientOf = (f: (x: Tensor) => Tensor) =>
    simd.scope(() => {
      const x = simd.tensor([1, 2, 3], [3], { requiresGrad: true });
      const y = f(x);
      const seed = Float32Array.from({ length: y.size }, (_, i) => i + 1);
      simd.backward(y, simd.tensor(seed, y.shape));
      return Array.from(simd.gradient(x) as Float32Array);
    });

  it("concat() of a tensor with itself adds both gradients", () => {
    expect(gradientOf((x) => ops.concat([x, x], 0))).toEqual([5, 7, 9]);
  });

  it("reshape() adds to a gradient that is there", () => {
    expect(gradientOf((x) => ops.add(ops.reshape(x, [1, -1]), x))).toEqual([2, 4, 6]);
  });

  it("stopGradient() hides one of two uses", () => {
    expect(gradientOf((x) => ops.mul(x, ops.stopGradient(x)))).toEqual([1, 4, 9]);
  });

  it("reshape() never writes past its data, which it shares", () => {
    simd.scope(() => {
      const x = simd.tensor([1, 2, 3, 4, 5]);
      const y = ops.neg(ops.reshape(x, [5, 1]));
      expect(Array.from(y.toArray())).toEqual([-1, -2, -3, -4, -5]);
      expect(Array.from(x.toArray())).toEqual([1, 2, 3, 4, 5]);
    });
  });

  it("move i32 elements", () => {
    simd.scope(() => {
      const x = simd.tensor([1, 2, 3, 4], [2, 2], { dtype: "i32" });
      expect(Array.from(ops.permute(x).toArray())).toEqual([1, 3, 2, 4]);
      expect(Array.from(ops.slice(x, 0, -1).toArray())).toEqual([3, 4]);
      expect(ops.concat([x, x], 1).toArray()).toEqual(Int32Array.of(1, 2, 1, 2, 3, 4, 3, 4));
    });
  });
});

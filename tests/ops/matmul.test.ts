import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { linear, matmul } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const zeros = (...shape: number[]) => engine.tensor(0, shape);

describe("matmul()", () => {
  it("refuses shapes that do not fit, naming the axes and both shapes", () => {
    engine.scope(() => {
      const attempt = () => matmul(zeros(32, 512), zeros(256, 10));
      expect(attempt).toThrow(ShapeError);
      expect(attempt).toThrow(
        "matmul: Cannot multiply: expected a.shape[1] = b.shape[0], got [32, 512] and [256, 10]",
      );
      expect(() => matmul(zeros(3), zeros(3, 2))).toThrow("expected at least 2 axes each");
      expect(() => matmul(zeros(2, 3, 4), zeros(5, 4, 3))).toThrow("expected equal leading axes");
    });
  });

  it("refuses operands of another type or engine", () => {
    engine.scope(() => {
      const ids = engine.tensor([1, 2, 3, 4], [2, 2], { dtype: "i32" });
      expect(() => matmul(zeros(2, 2), ids)).toThrow(OptionError);
      expect(() => matmul(zeros(2, 2), ids)).toThrow("expected type f32, got i32");
      ENGINES.scalar.scope(() => {
        const other = ENGINES.scalar.tensor(0, [2, 2]);
        expect(() => matmul(zeros(2, 2), other)).toThrow("expected tensors of one engine");
      });
    });
  });

  it("gives a gradient only to operands that take one", () => {
    engine.scope(() => {
      const a = engine.tensor([1, 2], [1, 2]);
      const b = engine.tensor([3, 4], [2, 1], { requiresGrad: true });
      engine.backward(matmul(a, b));
      expect(engine.gradient(a)).toBeUndefined();
      expect([...(engine.gradient(b) ?? [])]).toEqual([1, 2]);
    });
  });

  it("adds both gradients when an operand meets itself", () => {
    engine.scope(() => {
      const a = engine.tensor([3], [1, 1], { requiresGrad: true });
      engine.backward(matmul(a, a));
      expect([...(engine.gradient(a) ?? [])]).toEqual([6]);
    });
  });
});

describe("linear()", () => {
  it("refuses a weight or a bias that does not fit, and an unknown activation", () => {
    engine.scope(() => {
      expect(() => linear(zeros(2, 3), zeros(4, 5))).toThrow(
        "linear: Cannot apply the weight: expected x [.., in] and weight [out, in], got [2, 3] and [4, 5]",
      );
      expect(() => linear(zeros(2, 3), zeros(4, 3), { bias: zeros(3) })).toThrow(
        "linear: Cannot add the bias: expected [4], got [3]",
      );
      expect(() => linear(zeros(2, 3), zeros(4, 3), { activation: "tanh" as "relu" })).toThrow(
        'linear: Cannot find activation "tanh": expected one of "none", "relu"',
      );
    });
  });

  it("needs no bias, and keeps the scratch of a pass out of the scope", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 2], [1, 2]);
      const weight = engine.tensor([1, 1, -1, -1], [2, 2], { requiresGrad: true });
      const out = linear(x, weight, { activation: "relu" });
      expect([...out.toArray()]).toEqual([3, 0]);
      const seed = engine.tensor(1, [1, 2]);
      engine.backward(out, seed);
      const { scopes } = engine.memory();
      engine.backward(out, seed);
      expect(engine.memory().scopes).toBe(scopes);
      expect([...(engine.gradient(weight) ?? [])]).toEqual([2, 4, 0, 0]);
    });
  });
});

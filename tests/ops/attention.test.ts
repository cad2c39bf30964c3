import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { scaledDotProductAttention as attend } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const zeros = (...shape: number[]) => engine.tensor(0, shape);

describe("scaledDotProductAttention()", () => {
  it("averages the values of equal keys, and of the visible ones under a mask", () => {
    engine.scope(() => {
      const v = engine.tensor([1, 10, 3, 30, 8, 80], [1, 3, 2]);
      const [q, k] = [zeros(1, 2, 4), zeros(1, 3, 4)];
      const even = attend(q, k, v).toArray();
      expect(even[0]).toBeCloseTo(4, 5);
      expect(even[3]).toBeCloseTo(40, 5);
      const mask = engine.tensor([0, 0, -Infinity], [1, 1, 1, 3]);
      expect([...attend(q, k, v, { heads: 2, mask }).toArray()]).toEqual([2, 20, 2, 20]);
    });
  });

  it("lets no causal query see a later key", () => {
    engine.scope(() => {
      const v = engine.tensor([1, 2, 4], [1, 3, 1], { requiresGrad: true });
      const out = attend(zeros(1, 3, 1), zeros(1, 3, 1), v, { causal: true });
      expect([...out.toArray()].slice(0, 2)).toEqual([1, 1.5]);
      engine.backward(out, engine.tensor([1, 1, 0], [1, 3, 1]));
      expect([...(engine.gradient(v) ?? [])]).toEqual([1.5, 0.5, 0]);
    });
  });

  it("refuses what does not fit", () => {
    engine.scope(() => {
      const x = zeros(1, 3, 4);
      expect(() => attend(x, zeros(1, 3, 2), x)).toThrow(ShapeError);
      expect(() => attend(x, x, zeros(2, 3, 4))).toThrow("expected q [n, queries, d]");
      expect(() => attend(x, x, x, { heads: 3 })).toThrow(OptionError);
      expect(() => attend(x, x, x, { heads: 0 })).toThrow("Cannot use the number of heads");
      expect(() => attend(x, x, x, { mask: zeros(5, 1, 3, 3) })).toThrow(
        "Cannot mask: expected a mask that broadcasts to [1, 1, 3, 3], got [5, 1, 3, 3]",
      );
      expect(() => attend(zeros(1, 2, 4), x, x, { causal: true })).toThrow(
        "expected as many keys as queries, got 3 and 2",
      );
    });
  });
});

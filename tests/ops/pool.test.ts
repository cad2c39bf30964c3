import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { avgPool2d, globalAvgPool, maxPool2d } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const zeros = (...shape: number[]) => engine.tensor(0, shape);

describe("maxPool2d()", () => {
  it("gives the gradient of a tie to the first of the equals", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 3, 3, 3], [1, 2, 2, 1], { requiresGrad: true });
      const out = maxPool2d(x, 2);
      expect([...out.toArray()]).toEqual([3]);
      engine.backward(out);
      expect([...(engine.gradient(x) ?? [])]).toEqual([0, 1, 0, 0]);
    });
  });

  it("never takes padding for the greatest, and keeps NaN", () => {
    engine.scope(() => {
      const x = engine.tensor([-1, -2, -3, Number.NaN], [1, 2, 2, 1]);
      const out = maxPool2d(x, 2, { stride: 2, padding: 1 });
      expect([...out.toArray()]).toEqual([-1, -2, -3, Number.NaN]);
    });
  });

  it("refuses windows that cannot slide over the image", () => {
    engine.scope(() => {
      expect(() => maxPool2d(zeros(2, 3, 4), 2)).toThrow(ShapeError);
      expect(() => maxPool2d(zeros(1, 2, 4, 1), 3)).toThrow(
        "maxPool2d: Cannot fit the window: expected a height of at least 3, got 2",
      );
      const x = zeros(1, 4, 4, 1);
      expect(() => maxPool2d(x, 0)).toThrow(OptionError);
      expect(() => maxPool2d(x, 2, { stride: 0 })).toThrow("Cannot use the stride");
      expect(() => maxPool2d(x, [3, 2], { padding: 2 })).toThrow(
        "maxPool2d: Cannot use the padding: expected less than the window's size 2, got 2",
      );
    });
  });
});

describe("avgPool2d()", () => {
  it("counts padding as zeros unless told not to", () => {
    engine.scope(() => {
      const x = engine.tensor(4, [1, 1, 1, 1]);
      const window = { stride: 2, padding: [1, 0] as const };
      expect(avgPool2d(x, [2, 1], window).item()).toBe(2);
      expect(avgPool2d(x, [2, 1], { ...window, countPadding: false }).item()).toBe(4);
    });
  });
});

describe("globalAvgPool()", () => {
  it("refuses tensors without positions", () => {
    engine.scope(() => {
      expect(() => globalAvgPool(zeros(2, 3))).toThrow(ShapeError);
      expect(() => globalAvgPool(zeros(2, 0, 3))).toThrow("expected [n, positions, .., channels]");
    });
  });
});

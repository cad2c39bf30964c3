import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { Random } from "../../src/random.ts";
import { ENGINES } from "../support/engines.ts";

const { simd } = ENGINES;

function filled(fill: (x: Tensor) => Tensor, size: number, engine = simd): number[] {
  return engine.scope(() => Array.from(fill(engine.tensor(0, [size])).toArray()));
}

describe("fillUniform()", () => {
  it("gives the numbers of Random, whatever the size", () => {
    const random = new Random(7, "weights");
    const want = Array.from({ length: 37 }, () => random.float());
    for (const engine of Object.values(ENGINES)) {
      expect(filled((x) => ops.fillUniform(x, 0, 1, 7, "weights"), 37, engine)).toEqual(want);
    }
    expect(filled((x) => ops.fillUniform(x, 0, 1, 7, "weights"), 5)).toEqual(want.slice(0, 5));
  });

  it("maps to [low, high)", () => {
    const values = filled((x) => ops.fillUniform(x, -3, 2, 1, 0), 2000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...values)).toBeLessThan(2);
    expect(Math.min(...values)).toBeLessThan(-2.9);
    expect(Math.max(...values)).toBeGreaterThan(1.9);
  });

  it("refuses a seed that is no 32-bit integer", () => {
    expect(() => filled((x) => ops.fillUniform(x, 0, 1, -1, 0), 1)).toThrow(
      "fillUniform: Cannot use the seed: expected an integer from 0 to 4294967295, got -1",
    );
  });
});

describe("fillNormal()", () => {
  it("has the moments of the normal distribution, and the same bits in both builds", () => {
    const n = 40_000;
    const fill = (x: Tensor) => ops.fillNormal(x, 0, 1, 3, "init");
    const z = filled(fill, n);
    const moment = (power: number) => z.reduce((sum, v) => sum + v ** power, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(3))).toBeLessThan(0.08);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
    const neighbours = z.reduce((sum, v, i) => sum + v * (z[i ^ 1] as number), 0) / n;
    expect(Math.abs(neighbours)).toBeLessThan(0.03);
    expect(filled(fill, n, ENGINES.scalar)).toEqual(z);
    expect(filled(fill, 7)).toEqual(z.slice(0, 7));
  });

  it("scales and shifts", () => {
    const [z, y] = [
      filled((x) => ops.fillNormal(x, 0, 1, 3, 0), 5),
      filled((x) => ops.fillNormal(x, 10, 0.5, 3, 0), 5),
    ];
    expect(y).toEqual(z.map((v) => Math.fround(10 + Math.fround(0.5 * v))));
  });
});

describe("axpby() and assign()", () => {
  it("mix in place", () => {
    const mixed = (a: number, b: number) =>
      simd.scope(() => {
        const y = simd.tensor([1, 2, 3, 4, 5]);
        ops.axpby(y, a, simd.tensor([10, 20, 30, 40, 50]), b);
        return Array.from(y.toArray());
      });
    expect(mixed(0.5, 2)).toEqual([7, 14, 21, 28, 35]);
    expect(mixed(1, 0)).toEqual([10, 20, 30, 40, 50]);
  });

  it("assign() overwrites NaN", () => {
    simd.scope(() => {
      const y = ops.assign(simd.tensor([Number.NaN, 1]), simd.tensor([3, 4]));
      expect(Array.from(y.toArray())).toEqual([3, 4]);
    });
  });

  it("name both shapes", () => {
    simd.scope(() => {
      expect(() => ops.assign(simd.tensor(0, [2]), simd.tensor(0, [3]))).toThrow(
        "axpby: Cannot mix: expected equal shapes, got [2] and [3]",
      );
    });
  });
});

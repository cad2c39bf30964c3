import { describe, expect, it } from "vitest";
import { gradcheck } from "../../src/engine/gradcheck.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const { simd } = ENGINES;
const INPUTS = [
  { values: [0.5, -1.25, 2, 0.75, -0.5, 1.5], shape: [2, 3] },
  { values: [1, -2, 0.25], shape: [3] },
];

function check(f: (a: Tensor, b: Tensor) => Tensor) {
  return gradcheck(simd, ([a, b]) => f(a as Tensor, b as Tensor), INPUTS);
}

describe("gradcheck()", () => {
  it("passes right gradients", () => {
    const report = check((a, b) => ops.tanh(ops.mul(a, ops.exp(b))));
    expect(report.passed).toBe(true);
    expect(report.error).toBeLessThan(0.01);
  });

  it("fails a gradient that misses one of two uses, and says where", () => {
    const report = check((a, b) => ops.add(ops.mul(a, ops.stopGradient(a)), b));
    expect(report).toMatchObject({ passed: false, input: 0 });
    expect(report.got).toBeCloseTo(report.expected / 2, 2);
  });

  it("fails a gradient that never arrives", () => {
    expect(check((a, b) => ops.mul(a, ops.stopGradient(b)))).toMatchObject({
      passed: false,
      input: 1,
    });
  });

  it("fails NaN", () => {
    expect(check((a, b) => ops.add(ops.log(a), b)).passed).toBe(false);
  });
});

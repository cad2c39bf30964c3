import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const { simd } = ENGINES;

function run(f: () => { toArray(): ArrayLike<number> }): number[] {
  return simd.scope(() => Array.from(f().toArray()));
}

describe("broadcast", () => {
  for (const [name, op] of Object.entries({
    add: ops.add,
    sub: ops.sub,
    mul: ops.mul,
    div: ops.div,
    maximum: ops.maximum,
    minimum: ops.minimum,
    greater: ops.greater,
    less: ops.less,
    equal: ops.equal,
  })) {
    it(`${name}() names both shapes that do not fit`, () => {
      simd.scope(() => {
        const call = () => op(simd.tensor(0, [2, 3]), simd.tensor(0, [2, 4]));
        expect(call).toThrow(ShapeError);
        expect(call).toThrow(
          `${name}: Cannot broadcast: expected lengths equal or 1 from the last axis, got [2, 3] and [2, 4]`,
        );
      });
    });
  }

  it("takes a number for a scalar", () => {
    expect(run(() => ops.mul(simd.tensor([1, 2, 3]), 2))).toEqual([2, 4, 6]);
  });

  it("makes an empty tensor of a length 0 and a length 1", () => {
    simd.scope(() => {
      expect(ops.add(simd.tensor(0, [2, 0]), simd.tensor(0, [2, 1])).shape).toEqual([2, 0]);
    });
  });

  it("refuses other types and other engines", () => {
    simd.scope(() => {
      const x = simd.tensor([1, 2]);
      const i = simd.tensor([1, 2], [2], { dtype: "i32" });
      expect(() => ops.add(x, i)).toThrow(OptionError);
      expect(() => ops.exp(i)).toThrow(
        "exp: Cannot compute with this tensor: expected type f32, got i32",
      );
      ENGINES.scalar.scope(() => {
        expect(() => ops.add(x, ENGINES.scalar.tensor([1, 2]))).toThrow(
          "add: Cannot mix tensors of two engines",
        );
      });
    });
  });
});

describe("aliased operands", () => {
  const gradientOf = (f: (x: never) => unknown) =>
    simd.scope(() => {
      const x = simd.tensor([1, 2, 3, 4, 5], [5], { requiresGrad: true });
      simd.backward(f(x as never) as never, simd.tensor([1, 1, 1, 1, 2]));
      return Array.from(simd.gradient(x) as Float32Array);
    });

  it("add(x, x) has gradient 2", () => {
    expect(gradientOf((x) => ops.add(x, x))).toEqual([2, 2, 2, 2, 4]);
  });

  it("mul(x, x) has gradient 2 x", () => {
    expect(gradientOf((x) => ops.mul(x, x))).toEqual([2, 4, 6, 8, 20]);
  });

  it("sub(x, x) and div(x, x) have gradient 0", () => {
    expect(gradientOf((x) => ops.sub(x, x))).toEqual([0, 0, 0, 0, 0]);
    expect(gradientOf((x) => ops.div(x, x))).toEqual([0, 0, 0, 0, 0]);
  });

  it("maximum(x, x) splits the gradient evenly", () => {
    expect(gradientOf((x) => ops.maximum(x, x))).toEqual([1, 1, 1, 1, 2]);
  });
});

describe("comparisons", () => {
  it("are constants: backward through them is no error and gives no gradient", () => {
    simd.scope(() => {
      const x = simd.tensor([-1, 2], [2], { requiresGrad: true });
      simd.backward(ops.mul(x, ops.greater(x, 0)), simd.tensor([1, 1]));
      expect(Array.from(simd.gradient(x) as Float32Array)).toEqual([0, 1]);
    });
  });

  it("are false with NaN, and hold 0 and -0 equal", () => {
    const a = [Number.NaN, 0, 1];
    const b = [1, -0, Number.NaN];
    expect(run(() => ops.greater(simd.tensor(a), simd.tensor(b)))).toEqual([0, 0, 0]);
    expect(run(() => ops.less(simd.tensor(a), simd.tensor(b)))).toEqual([0, 0, 0]);
    expect(run(() => ops.equal(simd.tensor(a), simd.tensor(b)))).toEqual([0, 1, 0]);
  });
});

describe("edge values", () => {
  const edges = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const INF = Number.POSITIVE_INFINITY;
  const rows: Record<string, [(x: never) => { toArray(): ArrayLike<number> }, number[]]> = {
    abs: [ops.abs, [0, 0, INF, INF, Number.NaN]],
    exp: [ops.exp, [1, 1, INF, 0, Number.NaN]],
    gelu: [ops.gelu, [0, -0, INF, Number.NaN, Number.NaN]],
    log: [ops.log, [-INF, -INF, INF, Number.NaN, Number.NaN]],
    neg: [ops.neg, [-0, 0, -INF, INF, Number.NaN]],
    relu: [ops.relu, [0, 0, INF, 0, Number.NaN]],
    sigmoid: [ops.sigmoid, [0.5, 0.5, 1, 0, Number.NaN]],
    sqrt: [ops.sqrt, [0, -0, INF, Number.NaN, Number.NaN]],
    square: [ops.square, [0, 0, INF, INF, Number.NaN]],
    tanh: [ops.tanh, [0, -0, 1, -1, Number.NaN]],
  };
  for (const [name, [op, want]] of Object.entries(rows)) {
    it(`${name}() of 0, -0, infinities and NaN`, () => {
      for (const engine of Object.values(ENGINES)) {
        engine.scope(() => {
          expect(Array.from(op(engine.tensor(edges) as never).toArray())).toEqual(want);
        });
      }
    });
  }

  it("relu() and abs() pass no gradient at 0", () => {
    for (const op of [ops.relu, ops.abs]) {
      simd.scope(() => {
        const x = simd.tensor([0, -0], [2], { requiresGrad: true });
        simd.backward(op(x), simd.tensor([1, 1]));
        expect(Array.from(simd.gradient(x) as Float32Array)).toEqual([0, 0]);
      });
    }
  });
});

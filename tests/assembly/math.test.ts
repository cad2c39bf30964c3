import { describe, expect, it } from "vitest";
import type { Tensor, TensorData } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";
import { erf } from "../support/erf.ts";

const { simd } = ENGINES;
const COUNT = 100_000;
const LEAST_NORMAL = 2 ** -126;

/** Evenly spaced bit patterns of the f32 numbers from `low` to `high`, of one sign: every exponent gets its share. */
function sweep(low: number, high: number): Float32Array {
  const [from, to] = new Int32Array(Float32Array.of(low, high).buffer) as unknown as [
    number,
    number,
  ];
  const bits = Int32Array.from(
    { length: COUNT },
    (_, i) => from + Math.floor(((to - from) * i) / COUNT),
  );
  return new Float32Array(bits.buffer);
}

/** Largest error in units of the last place of the right result. */
function worstUlp(
  op: (x: Tensor) => Tensor,
  f: (x: number) => number,
  inputs: Float32Array,
): number {
  const got = simd.scope(() => op(simd.tensor(inputs)).toArray());
  return inputs.reduce((worst, x, i) => {
    const want = f(x);
    const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(want), LEAST_NORMAL))) - 23);
    return Math.max(worst, Math.abs((got[i] as number) - want) / ulp);
  }, 0);
}

describe("error bounds over the whole range", () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const rows: [string, (x: Tensor) => Tensor, (x: number) => number, number, [number, number][]][] =
    [
      [
        "exp",
        ops.exp,
        Math.exp,
        1,
        [
          [1e-30, 88.7228],
          [-1e-30, -87.336],
        ],
      ],
      ["log", ops.log, Math.log, 2, [[LEAST_NORMAL, 3.4e38]]],
      [
        "tanh",
        ops.tanh,
        Math.tanh,
        5,
        [
          [1e-30, 3.4e38],
          [-1e-30, -3.4e38],
        ],
      ],
      [
        "sigmoid",
        ops.sigmoid,
        sigmoid,
        3,
        [
          [1e-30, 3.4e38],
          [-1e-30, -87.33],
        ],
      ],
    ];
  for (const [name, op, f, bound, ranges] of rows) {
    it(`${name}() stays within ${bound} ulp`, () => {
      for (const [low, high] of ranges) {
        expect(worstUlp(op, f, sweep(low, high))).toBeLessThanOrEqual(bound);
      }
    });
  }

  it("log() stays within 2 ulp around 1, where it is 0", () => {
    expect(worstUlp(ops.log, Math.log, sweep(0.9, 1.1))).toBeLessThanOrEqual(2);
  });

  it("gelu() stays within 3e-7 max(1, |x|)", () => {
    for (const [low, high] of [
      [1e-30, 50],
      [-1e-30, -50],
    ] as const) {
      const inputs = sweep(low, high).filter((_, i) => i % 10 === 0);
      const got = simd.scope(() => ops.gelu(simd.tensor(inputs)).toArray());
      inputs.forEach((x, i) => {
        const want = 0.5 * x * (1 + erf(x * Math.SQRT1_2));
        const error = Math.abs((got[i] as number) - want) / Math.max(1, Math.abs(x));
        expect(error).toBeLessThanOrEqual(3e-7);
      });
    }
  });
});

describe("the ends of the range", () => {
  const at = (op: (x: Tensor) => Tensor, x: number) => simd.scope(() => op(simd.tensor(x)).item());

  it("exp() goes to infinity and to 0 without denormals", () => {
    expect(at(ops.exp, 88.723)).toBe(Number.POSITIVE_INFINITY);
    expect(at(ops.exp, 88.72283)).toBeGreaterThan(3.4e38);
    expect(at(ops.exp, -87.3366)).toBe(0);
    expect(at(ops.exp, -87.3365)).toBeGreaterThanOrEqual(LEAST_NORMAL);
    expect(at(ops.sigmoid, -87.4)).toBe(0);
  });

  it("log() takes denormals for the least normal number", () => {
    expect(at(ops.log, 1e-40)).toBe(at(ops.log, LEAST_NORMAL));
    expect(at(ops.log, -1e-40)).toBe(Number.NaN);
  });
});

/** Compared as bytes: a deep comparison of so many numbers takes seconds. */
function bytes(values: TensorData | undefined): Uint8Array {
  return new Uint8Array((values as TensorData).buffer);
}

describe("simd and scalar builds", () => {
  it("give the same bits for every kind of number but NaN", () => {
    const inputs = new Float32Array(
      Int32Array.from({ length: COUNT }, (_, i) => Math.imul(i, 0x9e3779b1)).buffer,
    ).filter((x) => !Number.isNaN(x));
    for (const op of [ops.exp, ops.log, ops.tanh, ops.sigmoid, ops.gelu]) {
      const [a, b] = [ENGINES.simd, ENGINES.scalar].map((engine) =>
        engine.scope(() => op(engine.tensor(inputs)).toArray()),
      );
      expect(Buffer.compare(bytes(a), bytes(b))).toBe(0);
    }
  });
});

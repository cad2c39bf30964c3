import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TENSOR_DATA } from "../../src/engine/abi.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { Random } from "../../src/random.ts";
import { arbitraryMemories, arbitraryVector, type Memory } from "../support/arbitraries.ts";
import { withCoreArrays } from "../support/core-arrays.ts";
import { ENGINES } from "../support/engines.ts";
import {
  at,
  eigenvalues,
  identity,
  information,
  inverse,
  largestDifference,
  type Matrix,
  matrix,
  multiply,
  norm,
} from "../support/matrix.ts";

const RUNS = { seed: 20240617, numRuns: 200 };

/** P after all memories, in order. */
function projector(engine: Engine, d: number, memories: readonly Memory[]): Matrix {
  let p = identity(d).data;
  for (const { r, alpha } of memories) {
    p = withCoreArrays(engine, { p, r: Float32Array.from(r) }, (core, to) =>
      core.shermanMorrison(to.p, to.r, d, 1 / alpha),
    ).p;
  }
  return matrix(d, d, p);
}

/** Bound of the condition number of the inverse of P. */
function condition(memories: readonly Memory[]): number {
  return memories.reduce((sum, { r, alpha }) => sum + norm(r) ** 2 / alpha, 1);
}

function quadratic(p: Matrix, x: readonly number[]): number {
  const column = multiply(p, matrix(x.length, 1, x));
  return column.data.reduce((sum, value, i) => sum + value * (x[i] as number), 0);
}

describe("the projector of shermanMorrison()", () => {
  it("equals the direct inverse in float64", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const got = projector(ENGINES.simd, d, memories);
        const weighted = memories.map(({ r, alpha }) => ({ r, weight: 1 / alpha }));
        const want = inverse(information(d, weighted));
        expect(largestDifference(got.data, want.data)).toBeLessThan(
          1e-13 + 1e-15 * d * condition(memories),
        );
      }),
      RUNS,
    );
  });

  it("is symmetric to the last bit, and the same in both builds", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const p = projector(ENGINES.simd, d, memories);
        for (let i = 0; i < d; i++)
          for (let j = 0; j < i; j++) expect(at(p, i, j)).toBe(at(p, j, i));
        expect(projector(ENGINES.scalar, d, memories)).toEqual(p);
      }),
      RUNS,
    );
  });

  it("has eigenvalues in (0, 1]", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const values = eigenvalues(projector(ENGINES.simd, d, memories));
        expect(values[0]).toBeGreaterThan(0);
        expect(values[d - 1]).toBeLessThanOrEqual(1 + 1e-13);
      }),
      RUNS,
    );
  });

  it("only shrinks: x' P x never grows while nothing is forgotten", () => {
    const run = arbitraryMemories().chain(({ d, memories }) =>
      arbitraryVector(d).map((x) => ({ d, memories, x })),
    );
    fc.assert(
      fc.property(run, ({ d, memories, x }) => {
        const values = memories.map((_, n) =>
          quadratic(projector(ENGINES.simd, d, memories.slice(0, n + 1)), x),
        );
        [norm(x) ** 2, ...values].reduce((before, after) => {
          expect(after).toBeLessThanOrEqual(before + 1e-13 * norm(x) ** 2);
          return after;
        });
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it("does not depend on the order of the memories", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const there = projector(ENGINES.simd, d, memories);
        const back = projector(ENGINES.simd, d, memories.toReversed());
        expect(largestDifference(there.data, back.data)).toBeLessThan(
          1e-13 + 1e-15 * d * condition(memories),
        );
      }),
      RUNS,
    );
  });

  it("leaves of a remembered r at most sqrt(alpha) / 2, whatever else is remembered", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const p = projector(ENGINES.simd, d, memories);
        for (const { r, alpha } of memories) {
          const left = norm(multiply(p, matrix(d, 1, r)).data);
          const slack = 1e-12 * (1 + norm(r));
          expect(left).toBeLessThanOrEqual(Math.sqrt(alpha) / 2 + slack);
          const square = norm(r) ** 2;
          if (square <= alpha) {
            expect(left).toBeLessThanOrEqual((alpha * norm(r)) / (alpha + square) + slack);
          }
        }
      }),
      RUNS,
    );
  });

  it("can reach the bound, and the formula of one memory does not hold for several", () => {
    const [alpha, d] = [0.25, 2];
    const tight = projector(ENGINES.simd, d, [{ r: [0.5, 0], alpha }]);
    expect(norm(multiply(tight, matrix(d, 1, [0.5, 0])).data)).toBeCloseTo(
      Math.sqrt(alpha) / 2,
      15,
    );
    const memories = [
      { r: [3, 1], alpha },
      { r: [3, 0], alpha: 1e-4 },
    ];
    const left = norm(multiply(projector(ENGINES.simd, d, memories), matrix(d, 1, [3, 1])).data);
    const single = (alpha * norm([3, 1])) / (alpha + norm([3, 1]) ** 2);
    expect(left).toBeGreaterThan(2 * single);
  });

  it.each([1e-6, 0.1])("stays sound over 100 000 updates at alpha %d", (alpha) => {
    const d = 16;
    const engine = ENGINES.simd;
    const random = new Random(5);
    const p = engine.tensor(identity(d).data, [d, d], { dtype: "f64", persistent: true });
    const vector = engine.tensor(0, [d], { persistent: true });
    const [pAt, rAt] = [p.field(TENSOR_DATA), vector.field(TENSOR_DATA)];
    const sum = new Float64Array(d * d);
    for (let n = 0; n < 100_000; n++) {
      const r = vector.view();
      // Half of the directions are rare: met with a thousandth of the strength of the others.
      for (let i = 0; i < d; i++) r[i] = (random.float() - 0.3) * (i % 2 === 0 ? 1 : 1e-3);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          const at = i * d + j;
          sum[at] = (sum[at] as number) + ((r[i] as number) * (r[j] as number)) / alpha;
        }
      }
      engine.core.shermanMorrison(pAt, rAt, d, 1 / alpha);
    }
    const got = matrix(d, d, p.view());
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < i; j++) expect(at(got, i, j)).toBe(at(got, j, i));
      sum[i * (d + 1)] = (sum[i * (d + 1)] as number) + 1;
    }
    const want = inverse(matrix(d, d, sum));
    const scale = Math.max(...eigenvalues(want));
    expect(largestDifference(got.data, want.data)).toBeLessThan(1e-6 * scale);
    const values = eigenvalues(got);
    expect(values[0]).toBeGreaterThan(0);
    expect(values[d - 1]).toBeLessThanOrEqual(1);
    p.dispose();
    vector.dispose();
  });
});

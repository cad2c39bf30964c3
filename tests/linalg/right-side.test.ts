import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { arbitraryMemories, arbitraryVector, type Memory } from "../support/arbitraries.ts";
import { withCoreArrays } from "../support/core-arrays.ts";
import { ENGINES } from "../support/engines.ts";
import {
  information,
  inverse,
  largestDifference,
  matrix,
  multiply,
  norm,
} from "../support/matrix.ts";

const RUNS = { seed: 7, numRuns: 200 };

/** Memories of dimension d and a matrix [rows, d]; square ones would show a transposed side. */
const arbitraryProblem = fc
  .record({ rows: fc.integer({ min: 1, max: 7 }), square: fc.boolean(), it: arbitraryMemories() })
  .chain(({ rows, square, it: { d, memories } }) => {
    const count = square ? d : rows;
    return arbitraryVector(count * d).map((u) => ({ d, memories, rows: count, u }));
  });

type Apply = (
  engine: Engine,
  u: Float32Array,
  rows: number,
  d: number,
  memories: Memory[],
) => Float64Array;

const APPLY: Readonly<Record<string, Apply>> = {
  woodburyRight: (engine, u, rows, d, memories) =>
    withCoreArrays(
      engine,
      {
        u,
        f: Float32Array.from(memories.flatMap(({ r }) => r)),
        weights: Float64Array.from(memories, ({ alpha }) => 1 / alpha),
      },
      (core, to) => core.woodburyRight(to.u, rows, d, to.f, memories.length, to.weights),
    ).u,
  rightSolve: (engine, u, rows, d, memories) => {
    const weighted = memories.map(({ r, alpha }) => ({ r, weight: 1 / alpha }));
    return withCoreArrays(engine, { u, m: information(d, weighted).data }, (core, to) =>
      core.rightSolve(to.u, rows, d, to.m, 1),
    ).u;
  },
  "shermanMorrison and rightMultiply": (engine, u, rows, d, memories) => {
    const p = matrix(d, d, information(d, []).data).data;
    const rs = Float32Array.from(memories.flatMap(({ r }) => r));
    return withCoreArrays(engine, { u, p, rs }, (core, to) => {
      memories.forEach(({ alpha }, i) => {
        core.shermanMorrison(to.p, to.rs + 4 * i * d, d, 1 / alpha);
      });
      core.rightMultiply(to.u, rows, d, to.p);
    }).u;
  },
};

describe.each(Object.entries(APPLY))("%s", (_, apply) => {
  it("multiplies from the right by the inverse of I + sum of r r' / alpha", () => {
    fc.assert(
      fc.property(arbitraryProblem, ({ d, memories, rows, u }) => {
        const got = apply(ENGINES.simd, Float32Array.from(u), rows, d, memories);
        const weighted = memories.map(({ r, alpha }) => ({ r, weight: 1 / alpha }));
        const condition = weighted.reduce((sum, { r, weight }) => sum + weight * norm(r) ** 2, 1);
        const want = multiply(matrix(rows, d, u), inverse(information(d, weighted)));
        const tolerance = (1e-7 + 1e-15 * d * condition) * (1 + norm(u));
        expect(largestDifference(got, want.data)).toBeLessThan(tolerance);
      }),
      RUNS,
    );
  });

  it("gives the same bits in both builds", () => {
    fc.assert(
      fc.property(arbitraryProblem, ({ d, memories, rows, u }) => {
        const [simd, scalar] = Object.values(ENGINES).map((engine) =>
          apply(engine, Float32Array.from(u), rows, d, memories),
        );
        expect(scalar).toEqual(simd);
      }),
      RUNS,
    );
  });
});

it("rightMultiply() takes the transpose of a matrix that is not symmetric", () => {
  const u = Float32Array.of(1, 2);
  const p = Float64Array.of(1, 10, 100, 1000);
  const { u: got } = withCoreArrays(ENGINES.simd, { u, p }, (core, to) =>
    core.rightMultiply(to.u, 1, 2, to.p),
  );
  expect([...got]).toEqual([21, 2100]);
});

it("woodburyRight() takes the same vector many times at a tiny alpha", () => {
  const d = 5;
  const r = [1, -2, 0.5, 3, 1];
  const memories = Array.from({ length: 12 }, () => ({ r, alpha: 1e-9 }));
  const apply = APPLY.woodburyRight as Apply;
  const got = apply(ENGINES.simd, Float32Array.from(r), 1, d, memories);
  expect(norm(got)).toBeLessThan(1e-6);
});

it("outerUpdate() keeps, adds the ridge and the outer product", () => {
  fc.assert(
    fc.property(arbitraryMemories(9, 1), ({ d, memories }) => {
      const [{ r }] = memories as [Memory];
      const start = information(d, [{ r: r.map((x) => x / 2 + 1), weight: 1 }]).data;
      const [simd, scalar] = Object.values(ENGINES).map(
        (engine) =>
          withCoreArrays(engine, { m: start, r: Float32Array.from(r) }, (core, to) =>
            core.outerUpdate(to.m, to.r, d, 0.75, 0.25, 4),
          ).m,
      );
      expect(scalar).toEqual(simd);
      const want = start.map((value, at) => {
        const [i, j] = [Math.floor(at / d), at % d];
        return 0.75 * value + (i === j ? 0.25 : 0) + 4 * (r[i] as number) * (r[j] as number);
      });
      expect(largestDifference(simd as Float64Array, want)).toBeLessThan(1e-12);
    }),
    RUNS,
  );
});

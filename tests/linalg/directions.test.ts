import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryVector } from "../support/arbitraries.ts";
import { withCoreArrays } from "../support/core-arrays.ts";
import { ENGINES } from "../support/engines.ts";
import {
  build,
  eigenvalues,
  largestDifference,
  matrix,
  multiply,
  norm,
} from "../support/matrix.ts";

const RUNS = { seed: 3, numRuns: 150 };
const arbitrarySamples = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, columns }) => arbitraryVector(rows * columns).map((x) => ({ rows, columns, x })));

function directions(
  engine: typeof ENGINES.simd,
  x: number[],
  rows: number,
  columns: number,
  k: number,
) {
  const arrays = { out: new Float32Array(k * columns).fill(9), x: Float32Array.from(x) };
  return withCoreArrays(engine, arrays, (core, to) =>
    core.topDirections(to.out, to.x, rows, columns, k),
  ).out;
}

describe("topDirections()", () => {
  it("gives vectors whose outer products add up to x' x / rows", () => {
    fc.assert(
      fc.property(arbitrarySamples, ({ rows, columns, x }) => {
        const k = columns + 1;
        const f = matrix(k, columns, directions(ENGINES.simd, x, rows, columns, k));
        const sum = multiply(transpose(f), f);
        const samples = matrix(rows, columns, x);
        const want = multiply(transpose(samples), samples).data.map((value) => value / rows);
        expect(largestDifference(sum.data, want)).toBeLessThan(1e-5);
      }),
      RUNS,
    );
  });

  it("gives the largest ones first: orthogonal, of length sigma / sqrt(rows), the same bits in both builds", () => {
    fc.assert(
      fc.property(arbitrarySamples, fc.integer({ min: 1, max: 4 }), ({ rows, columns, x }, k) => {
        const got = directions(ENGINES.simd, x, rows, columns, k);
        expect(directions(ENGINES.scalar, x, rows, columns, k)).toEqual(got);
        const f = matrix(k, columns, got);
        const gram = multiply(f, transpose(f));
        const samples = matrix(rows, columns, x);
        const squares = eigenvalues(multiply(transpose(samples), samples)).reverse();
        for (let i = 0; i < k; i++) {
          expect(gram.data[i * k + i]).toBeCloseTo((squares[i] ?? 0) / rows, 4);
          for (let j = 0; j < i; j++) expect(gram.data[i * k + j]).toBeCloseTo(0, 4);
        }
      }),
      RUNS,
    );
  });

  it("finds a planted direction", () => {
    const x = [3, 4, -3, -4, 0.01, 0];
    const [a, b] = directions(ENGINES.simd, x, 3, 2, 1);
    expect(Math.abs((a as number) / (b as number))).toBeCloseTo(0.75, 2);
    expect(norm([a as number, b as number])).toBeCloseTo(Math.sqrt(50 / 3), 3);
  });
});

it("columnMeans() gives the mean row, the same bits in both builds", () => {
  fc.assert(
    fc.property(arbitrarySamples, ({ rows, columns, x }) => {
      const [simd, scalar] = Object.values(ENGINES).map(
        (engine) =>
          withCoreArrays(
            engine,
            { out: new Float32Array(columns), x: Float32Array.from(x) },
            (core, to) => core.columnMeans(to.out, to.x, rows, columns),
          ).out,
      );
      expect(scalar).toEqual(simd);
      const want = multiply(
        build(1, rows, () => 1 / rows),
        matrix(rows, columns, x),
      );
      expect(largestDifference(simd as Float64Array, want.data)).toBeLessThan(1e-6);
    }),
    RUNS,
  );
});

function transpose(a: ReturnType<typeof matrix>) {
  return build(a.columns, a.rows, (i, j) => a.data[j * a.columns + i] as number);
}

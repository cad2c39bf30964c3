import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TENSOR_DATA } from "../../src/engine/abi.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ProjectorFactors } from "../../src/optim/projection/projector-factors.ts";
import { Random } from "../../src/random.ts";
import { arbitraryMemories, type Memory } from "../support/arbitraries.ts";
import { ENGINES } from "../support/engines.ts";
import { fromFactors } from "../support/factors.ts";
import {
  build,
  eigenvalues,
  information,
  inverse,
  largestDifference,
  matrix,
  multiply,
  norm,
} from "../support/matrix.ts";

const RUNS = { seed: 20261, numRuns: 200 };
/** Half a unit in the last place of 1. */
const EPSILON = 2 ** -24;

function factors(engine: Engine, d: number, memories: readonly Memory[]) {
  const projector = new ProjectorFactors(engine, d);
  engine.scope(() => {
    for (const { r, alpha } of memories) {
      projector.remember("a", engine.tensor(r, [1, d]).field(TENSOR_DATA), 1, alpha);
    }
  });
  const state = structuredClone(projector.state());
  projector.dispose();
  return state;
}

/** Factors, as roots do, lose what the root of the condition number loses. */
function bound(d: number, memories: readonly Memory[]): number {
  const condition = memories.reduce((sum, { r, alpha }) => sum + norm(r) ** 2 / alpha, 1);
  return EPSILON * (d + memories.length) * Math.sqrt(condition);
}

describe("the projector in factors of float32", () => {
  it("equals the direct inverse, in eigenvalues of (0, 1]", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const p = fromFactors(d, factors(ENGINES.simd, d, memories));
        const weighted = memories.map(({ r, alpha }) => ({ r, weight: 1 / alpha }));
        const tolerance = bound(d, memories);
        expect(largestDifference(p.data, inverse(information(d, weighted)).data)).toBeLessThan(
          tolerance,
        );
        const values = eigenvalues(p);
        expect(values[0]).toBeGreaterThan(0);
        expect(values[d - 1]).toBeLessThanOrEqual(1 + tolerance);
      }),
      RUNS,
    );
  });

  it("leaves of a remembered r at most sqrt(alpha) / 2, whatever else is remembered", () => {
    fc.assert(
      fc.property(arbitraryMemories(), ({ d, memories }) => {
        const p = fromFactors(d, factors(ENGINES.simd, d, memories));
        for (const { r, alpha } of memories) {
          const left = norm(multiply(p, matrix(d, 1, r)).data);
          const slack = EPSILON * (d + memories.length) * norm(r);
          expect(left).toBeLessThanOrEqual(Math.sqrt(alpha) / 2 + slack);
        }
      }),
      RUNS,
    );
  });

  it("projects rows by P, with the same bits in both builds", () => {
    fc.assert(
      fc.property(arbitraryMemories(), fc.integer({ min: 1, max: 4 }), ({ d, memories }, rows) => {
        const random = new Random(d);
        const x = Float32Array.from({ length: rows * d }, () => random.normal());
        const project = (engine: Engine) => {
          const projector = new ProjectorFactors(engine, d);
          projector.load(factors(engine, d, memories));
          const got = engine.scope(() => {
            const u = engine.tensor(x, [rows, d]);
            projector.project(u.field(TENSOR_DATA), rows);
            return u.toArray();
          });
          projector.dispose();
          return got;
        };
        const got = project(ENGINES.simd);
        const state = factors(ENGINES.simd, d, memories);
        const want = multiply(matrix(rows, d, x), fromFactors(d, state));
        // The products of U and D may be larger than what is left of them.
        const spread = norm(state.factor ?? []);
        expect(largestDifference(got, want.data)).toBeLessThan(EPSILON * d * spread * norm(x));
        expect(project(ENGINES.scalar)).toEqual(got);
        expect(factors(ENGINES.scalar, d, memories)).toEqual(state);
      }),
      RUNS,
    );
  });

  it.each([1e-6, 0.1])("stays sound over 100 000 updates at alpha %d", (alpha) => {
    const d = 16;
    const engine = ENGINES.simd;
    const random = new Random(5);
    const projector = new ProjectorFactors(engine, d);
    const vector = engine.tensor(0, [d], { persistent: true });
    const main = build(d / 2, d, () => random.normal() / 4).data;
    const sum = new Float64Array(d * d);
    for (let n = 0; n < 100_000; n++) {
      const r = vector.view();
      // Half of the directions, not those of the axes, are met with a thousandth of the strength of the others.
      for (let i = 0; i < d; i++) r[i] = 1e-3 * random.normal();
      for (let k = 0; k < d / 2; k++) {
        const strength = random.float() - 0.3;
        for (let i = 0; i < d; i++)
          r[i] = (r[i] as number) + strength * (main[k * d + i] as number);
      }
      for (let at = 0; at < d * d; at++) {
        const product = (r[Math.floor(at / d)] as number) * (r[at % d] as number);
        sum[at] = (sum[at] as number) + product / alpha;
      }
      projector.remember("a", vector.field(TENSOR_DATA), 1, alpha);
    }
    for (let i = 0; i < d; i++) sum[i * (d + 1)] = (sum[i * (d + 1)] as number) + 1;
    const want = inverse(matrix(d, d, sum));
    const got = fromFactors(d, projector.state());
    const [least = 0, ...others] = eigenvalues(want);
    const [gotLeast = 0] = eigenvalues(got);
    expect(largestDifference(got.data, want.data)).toBeLessThan(5e-5 * (others.at(-1) as number));
    expect(Math.abs(gotLeast - least)).toBeLessThan(1e-4 * least);
    projector.dispose();
    vector.dispose();
  });
});

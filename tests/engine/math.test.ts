import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log, sinQuarter, tanh } from "../../src/engine/math.ts";

const SEED = 20240617;

function relativeError(value: number, reference: number): number {
  return Math.abs(value - reference) / Math.abs(reference);
}

describe("exp", () => {
  it("agrees with Math.exp within 5e-16 where the result is normal", () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709.7, noNaN: true }), (x) => {
        // Math.exp itself may be off by one unit in the last place, 2.3e-16.
        expect(relativeError(exp(x), Math.exp(x))).toBeLessThan(5e-16 + 2.3e-16);
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it("agrees on a fine grid around 0 and around the edges of its range reduction", () => {
    for (let i = -4000; i <= 4000; i++) {
      const x = i / 1000;
      expect(relativeError(exp(x), Math.exp(x))).toBeLessThan(5e-16 + 2.3e-16);
    }
  });

  it("has the exact special values", () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(Number.NaN)).toBeNaN();
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-746)).toBe(0);
  });

  it("stays within one unit of the last place among subnormal results", () => {
    for (const x of [-709, -720.5, -740, -745]) {
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(Number.MIN_VALUE);
    }
    expect(exp(709.782712893384)).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe("log", () => {
  it("agrees with Math.log within 6e-16", () => {
    fc.assert(
      fc.property(
        fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }),
        (x) => {
          if (x === 1) return;
          expect(relativeError(log(x), Math.log(x))).toBeLessThan(6e-16 + 2.3e-16);
        },
      ),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it("keeps its relative precision next to 1 and between powers of 2", () => {
    for (let i = 1; i <= 4000; i++) {
      for (const x of [1 + i * 1e-9, 1 - i * 1e-9, 0.5 + i / 2000]) {
        if (x === 1) continue;
        expect(relativeError(log(x), Math.log(x))).toBeLessThan(6e-16 + 2.3e-16);
      }
    }
  });

  it("has the exact special values", () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(log(Number.MIN_VALUE)).toBeCloseTo(-744.4400719213812, 12);
  });

  it("undoes exp", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(log(exp(x)) - x)).toBeLessThan(1e-13);
      }),
      { seed: SEED },
    );
  });
});

describe("tanh", () => {
  it("agrees with Math.tanh within 4e-16", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThan(4e-16);
      }),
      { seed: SEED },
    );
  });
});

describe("sinQuarter", () => {
  it("agrees with Math.sin within 1e-15 over a quarter turn", () => {
    for (let i = 0; i <= 1000; i++) {
      const reference = Math.sin((Math.PI / 2) * (i / 1000));
      expect(Math.abs(sinQuarter(i / 1000) - reference)).toBeLessThan(1e-15);
    }
  });
});

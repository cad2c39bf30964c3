import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/engine/errors.ts";
import { holm, pairedBootstrap, spreadOf, studentQuantile } from "../../src/metrics/index.ts";
import { pairedBootstraps } from "../../src/metrics/paired-bootstrap.ts";
import { Random } from "../../src/random.ts";

const SEED = 20240617;

/** P(-t < T < t) for Student's T by Simpson's rule after t = sqrt(df) tan(angle). */
function coverage(t: number, degrees: number): number {
  const integral = (end: number): number => {
    const steps = 20000;
    const f = (angle: number): number => Math.cos(angle) ** (degrees - 1);
    let sum = f(0) + f(end);
    for (let i = 1; i < steps; i++) sum += f((end * i) / steps) * (i % 2 === 1 ? 4 : 2);
    return (sum * end) / steps / 3;
  };
  return integral(Math.atan(t / Math.sqrt(degrees))) / integral(Math.PI / 2);
}

describe("studentQuantile()", () => {
  it.each([1, 2, 3, 5, 10, 17, 29, 30, 31, 40, 100, 1000])(
    "covers 95 percent at %i degrees",
    (df) => {
      expect(coverage(studentQuantile(df), df)).toBeCloseTo(0.95, 5);
    },
  );

  it("falls with the degrees of freedom, over the end of its table too", () => {
    for (let df = 1; df < 60; df++) {
      expect(studentQuantile(df + 1)).toBeLessThan(studentQuantile(df));
    }
  });

  it("rejects anything but a positive integer", () => {
    expect(() => studentQuantile(0)).toThrow(OptionError);
    expect(() => studentQuantile(1.5)).toThrow("expected a positive integer, got 1.5");
  });
});

describe("spreadOf()", () => {
  it("of 1, 2, 3 is 2 ± 1 with the interval of two degrees of freedom", () => {
    const spread = spreadOf([1, 2, 3]);
    expect(spread).toMatchObject({ n: 3, mean: 2, sd: 1, values: [1, 2, 3] });
    expect(spread.low).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 12);
    expect(spread.high).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 12);
  });

  it("claims no deviation from a single value, and none from nothing", () => {
    expect(spreadOf([0.5])).toEqual({
      n: 1,
      mean: 0.5,
      sd: null,
      low: null,
      high: null,
      values: [0.5],
    });
    expect(() => spreadOf([])).toThrow(DataError);
  });
});

describe("holm()", () => {
  it("gives the values of a case worked by hand", () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((value, i) => {
      expect(corrected[i]).toBeCloseTo(value, 12);
    });
    expect(holm([])).toEqual([]);
  });

  it("lies between p and Bonferroni's value, keeps the order of p and ignores the order of input", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 12 }), (values) => {
        const corrected = holm(values);
        values.forEach((value, i) => {
          expect(corrected[i]).toBeGreaterThanOrEqual(value);
          expect(corrected[i]).toBeLessThanOrEqual(Math.min(1, value * values.length));
          values.forEach((other, k) => {
            if (value < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[k] ?? 0);
          });
        });
        expect(holm([...values].reverse()).reverse()).toEqual(corrected);
      }),
      { seed: SEED },
    );
  });
});

describe("pairedBootstrap()", () => {
  const seeds = 3;
  const outcomes = (random: Random, samples: number, rate: number): Uint8Array[] =>
    Array.from({ length: seeds }, () =>
      Uint8Array.from({ length: samples }, () => (random.float() < rate ? 1 : 0)),
    );

  it("sees no difference between a method and itself", () => {
    const a = outcomes(new Random(1, 0), 50, 0.7);
    const test = pairedBootstrap({ a, b: a, random: new Random(2, 0), resamples: 200 });
    expect(test).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
  });

  it("sees a large difference, with the sign of a - b, and the same p in both directions", () => {
    const a = outcomes(new Random(1, 0), 200, 0.9);
    const b = outcomes(new Random(1, 1), 200, 0.6);
    const test = pairedBootstrap({ a, b, random: new Random(2, 0), resamples: 500 });
    const back = pairedBootstrap({ a: b, b: a, random: new Random(2, 0), resamples: 500 });
    expect(test.p).toBeCloseTo(2 / 501, 12);
    expect(back.p).toBe(test.p);
    expect(back.difference).toBeCloseTo(-test.difference, 12);
    expect(test.low).toBeGreaterThan(0.15);
    expect(test.low).toBeLessThan(test.difference);
    expect(test.high).toBeGreaterThan(test.difference);
  });

  it("reproduces its result from the seed alone", () => {
    const a = outcomes(new Random(1, 0), 60, 0.7);
    const b = outcomes(new Random(1, 1), 60, 0.65);
    const run = (seed: number) =>
      pairedBootstrap({ a, b, random: new Random(seed, 0), resamples: 300 });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it("gives several methods on the same redraws what each gets alone", () => {
    const b = outcomes(new Random(1, 1), 60, 0.65);
    const all = [0.6, 0.7, 0.8].map((rate, i) => outcomes(new Random(1, 2 + i), 60, rate));
    const groups = Array.from({ length: 60 }, (_, i) => i >> 1);
    const shared = { b, groups, resamples: 300 };
    const each = all.map((a) => pairedBootstrap({ ...shared, a, random: new Random(5, 0) }));
    expect(pairedBootstraps({ ...shared, all, random: new Random(5, 0) })).toEqual(each);
    expect(new Set(each.map(({ difference }) => difference)).size).toBe(3);
  });

  it("claims a false difference in about 5 % of null cases", () => {
    let claims = 0;
    const cases = 200;
    for (let i = 0; i < cases; i++) {
      const test = pairedBootstrap({
        a: outcomes(new Random(100 + i, 0), 80, 0.7).slice(0, 1),
        b: outcomes(new Random(100 + i, 1), 80, 0.7).slice(0, 1),
        random: new Random(i, 2),
        resamples: 200,
      });
      if (test.p < 0.05) claims++;
    }
    expect(claims / cases).toBeLessThan(0.1);
    expect(claims).toBeGreaterThan(0);
  });

  it("trusts a copied sample no more than the original when the copies form a group", () => {
    const a = [Uint8Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 0 : 1))];
    const b = [Uint8Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 0 : 1))];
    const twice = (rows: Uint8Array[]) => rows.map((row) => Uint8Array.from([...row, ...row]));
    const groups = Array.from({ length: 80 }, (_, i) => `g${i % 40}`);
    const single = pairedBootstrap({ a, b, random: new Random(3, 0), resamples: 400 });
    const grouped = pairedBootstrap({
      a: twice(a),
      b: twice(b),
      groups,
      random: new Random(3, 0),
      resamples: 400,
    });
    const apart = pairedBootstrap({
      a: twice(a),
      b: twice(b),
      random: new Random(3, 0),
      resamples: 400,
    });
    expect(grouped).toEqual(single);
    expect(apart.high - apart.low).toBeLessThan(single.high - single.low);
  });

  it("counts seeds that contradict each other as doubt", () => {
    const [right, wrong] = [new Uint8Array(50).fill(1), new Uint8Array(50)];
    const test = pairedBootstrap({
      a: [right, wrong],
      b: [wrong, right],
      random: new Random(4, 0),
      resamples: 400,
    });
    expect(test).toMatchObject({ difference: 0, low: -1, high: 1, p: 1 });
  });

  it("rejects what does not pair up", () => {
    const random = new Random(0, 0);
    expect(() => pairedBootstrap({ a: [], b: [], random })).toThrow(DataError);
    expect(() => pairedBootstrap({ a: [[1]], b: [], random })).toThrow(
      "expected equally many, got 1 and 0",
    );
    expect(() => pairedBootstrap({ a: [[1, 0]], b: [[1]], random })).toThrow(ShapeError);
    expect(() => pairedBootstrap({ a: [[1]], b: [[1]], groups: [], random })).toThrow(ShapeError);
    expect(() => pairedBootstrap({ a: [[1]], b: [[1]], random, resamples: 0 })).toThrow(
      OptionError,
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitGrouped } from "../../src/data/split.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";

const FRACTIONS = { train: 0.7, validation: 0.15, test: 0.15 };

/** Groups of 1 to 4 rows, all rows of a group in one class. */
const arbitraryData = fc
  .array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { minLength: 60, maxLength: 120 })
  .map((groups) => {
    const labels: number[] = [];
    const ids: number[] = [];
    groups.forEach(([label, size], group) => {
      for (let i = 0; i < size; i++) {
        labels.push(label);
        ids.push(group * 7);
      }
    });
    return { labels: Int32Array.from(labels), groups: Int32Array.from(ids) };
  })
  .filter(({ labels, groups }) =>
    [0, 1, 2].every((label) => new Set(groups.filter((_, i) => labels[i] === label)).size >= 10),
  );

describe("splitGrouped()", () => {
  it("gives each row to one part, each group to one part, and each class to every part", () => {
    fc.assert(
      fc.property(arbitraryData, fc.nat(), ({ labels, groups }, seed) => {
        const split = splitGrouped({ labels, groups, fractions: FRACTIONS, seed });
        const parts = Object.values(split);
        const rows = parts.flatMap((part) => [...part]);
        expect(rows.sort((a, b) => a - b)).toEqual([...labels.keys()]);
        const owner = new Map<number, Int32Array>();
        for (const part of parts) {
          for (const row of part) {
            const group = groups[row] as number;
            expect(owner.get(group) ?? part).toBe(part);
            owner.set(group, part);
          }
          expect(new Set(part.map((row) => labels[row] as number)).size).toBe(3);
        }
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it("keeps the fractions within each class, to within one group", () => {
    const labels = Int32Array.from({ length: 400 }, (_, i) => (i < 300 ? 0 : 1));
    const split = splitGrouped({ labels, fractions: FRACTIONS, seed: 1 });
    const count = (part: Int32Array, label: number) =>
      part.filter((r) => labels[r] === label).length;
    expect(Math.abs(count(split.train, 0) - 210)).toBeLessThanOrEqual(1);
    expect(Math.abs(count(split.test, 0) - 45)).toBeLessThanOrEqual(1);
    expect(Math.abs(count(split.train, 1) - 70)).toBeLessThanOrEqual(1);
    expect(Math.abs(count(split.validation, 1) - 15)).toBeLessThanOrEqual(1);
  });

  it("depends on the seed alone", () => {
    const labels = Int32Array.from({ length: 90 }, (_, i) => i % 3);
    const split = (seed: number) => splitGrouped({ labels, fractions: FRACTIONS, seed });
    expect(split(5)).toEqual(split(5));
    expect(split(5)).not.toEqual(split(6));
  });

  it("leaves a part of size 0 empty", () => {
    const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);
    const split = splitGrouped({ labels, fractions: { ...FRACTIONS, test: 0 }, seed: 0 });
    expect(split.test.length).toBe(0);
  });

  it("refuses a class with too few groups", () => {
    const labels = Int32Array.from({ length: 30 }, (_, i) => (i < 24 ? 0 : 1));
    const groups = labels.map((label, i) => (label === 1 ? 1000 : i));
    const split = () => splitGrouped({ labels, groups, fractions: FRACTIONS, seed: 0 });
    expect(split).toThrow(DataError);
    expect(split).toThrow("got no sample of class 1; it has too few groups");
  });

  it("refuses fractions below 0 and groups of another length", () => {
    const labels = Int32Array.of(0, 1);
    const fractions = { train: -1, validation: 1, test: 1 };
    expect(() => splitGrouped({ labels, fractions, seed: 0 })).toThrow(OptionError);
    const groups = Int32Array.of(0);
    const split = () => splitGrouped({ labels, groups, fractions: FRACTIONS, seed: 0 });
    expect(split).toThrow("expected 2 groups, got 1");
  });
});

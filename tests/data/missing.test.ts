import { describe, expect, it } from "vitest";
import { hasModality, mask } from "../../src/data/dataset.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { drawPatterns, missingMasks } from "../../src/data/missing.ts";

const SIZE = 3000;

/** Modality "c" is there in every second sample only. */
function createThree(names: readonly string[] = ["a", "b", "c"]) {
  const column = (name: string) =>
    Array.from({ length: SIZE }, (_, i) => (name === "c" && i % 2 === 1 ? null : [i]));
  return fromArrays({
    modalities: Object.fromEntries(names.map((name) => [name, column(name)])),
    labels: Array.from({ length: SIZE }, (_, i) => i % 2),
  });
}

describe("missingMasks()", () => {
  it.each([0, 0.3, 0.9, 1])("leaves every sample a modality at rate %f", (rate) => {
    const dataset = createThree();
    const { present } = missingMasks(dataset, { rate, seed: 1 });
    const masked = mask(dataset, present);
    for (let i = 0; i < SIZE; i++) {
      const kept = ["a", "b", "c"].filter((m) => hasModality(masked.modalities[m] as never, i));
      expect(kept.length).toBeGreaterThanOrEqual(1);
      if (rate === 1) expect(kept.length).toBe(1);
    }
  });

  it("loses what it was asked to, and says how much that was", () => {
    const dataset = createThree();
    const { present, rate } = missingMasks(dataset, { rate: 0.3, seed: 1 });
    const pairs = 2.5 * SIZE;
    const kept = Object.values(present).reduce(
      (sum, m) => sum + m.filter((x) => x === 1).length,
      0,
    );
    expect(rate).toBeCloseTo(1 - kept / pairs, 12);
    // Whole losses (half the samples: .3^3, half: .3^2) are undone: one pair of each comes back.
    const expected = 0.3 - ((SIZE / 2) * (0.027 + 0.09)) / pairs;
    expect(Math.abs(rate - expected)).toBeLessThan(0.02);
    expect(missingMasks(dataset, { rate: 0, seed: 1 }).rate).toBe(0);
  });

  it("gives back each modality equally often, and none that was never there", () => {
    const { present } = missingMasks(createThree(), { rate: 1, seed: 2 });
    const counts = ["a", "b", "c"].map((m) => present[m]?.filter((x) => x === 1).length as number);
    expect(Math.abs((counts[0] as number) - SIZE * (5 / 12))).toBeLessThan(150);
    expect(Math.abs((counts[2] as number) - SIZE / 6)).toBeLessThan(150);
    expect(present.c?.some((x, i) => x === 1 && i % 2 === 1)).toBe(false);
  });

  it("depends on seed and names, not on the order of modalities", () => {
    const draw = (names: string[], seed: number) =>
      missingMasks(createThree(names), { rate: 0.5, seed }).present;
    expect(draw(["a", "b", "c"], 1)).toEqual(draw(["c", "b", "a"], 1));
    expect(draw(["a", "b", "c"], 1)).not.toEqual(draw(["a", "b", "c"], 2));
  });

  it("refuses a rate outside 0 to 1", () => {
    const draw = () => missingMasks(createThree(), { rate: 1.5, seed: 0 });
    expect(draw).toThrow("missing: Cannot use the rate: expected 0 to 1, got 1.5");
  });
});

describe("drawPatterns()", () => {
  it("gives every incomplete pattern about equally often, and none that is whole or empty", () => {
    const names = ["a", "b", "d"];
    const present = drawPatterns(createThree(names), 0, "test");
    const counts = new Map<string, number>();
    for (let i = 0; i < SIZE; i++) {
      const key = names.map((m) => present[m]?.[i]).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["001", "010", "011", "100", "101", "110"]);
    for (const count of counts.values()) expect(Math.abs(count - SIZE / 6)).toBeLessThan(100);
    expect(drawPatterns(createThree(names), 0, "other")).not.toEqual(present);
  });

  it("takes nothing from a sample with one modality", () => {
    const { a, b } = drawPatterns(
      mask(createThree(["a", "b"]), { a: new Uint8Array(SIZE) }),
      0,
      "test",
    );
    expect(b?.every((byte) => byte === 1)).toBe(true);
    expect(a?.every((byte) => byte === 0)).toBe(true);
  });
});

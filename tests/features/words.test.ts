import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/engine/errors.ts";
import { characterNgrams, hashFeatures, hashWords } from "../../src/features/words.ts";

const WORDS = Array.from({ length: 4000 }, (_, i) => `word${i}`);

describe("characterNgrams", () => {
  it("are the runs of a word between its ends, by code points", () => {
    expect(characterNgrams("abc", 3, 4)).toEqual(["<ab", "abc", "bc>", "<abc", "abc>"]);
    expect(characterNgrams("\u{1f600}x", 2, 2)).toEqual(["<\u{1f600}", "\u{1f600}x", "x>"]);
    expect(characterNgrams("", 3, 5)).toEqual([]);
    expect(() => characterNgrams("abc", 4, 3)).toThrow(OptionError);
  });
});

describe("hashWords", () => {
  it("is FNV-1a modulo the buckets, and spreads words evenly", () => {
    // Published values of 32-bit FNV-1a: "a" e40c292c, "foobar" bf9cf968.
    expect([...hashWords(["a", "foobar"], 2 ** 16)]).toEqual([0x292c, 0xf968]);
    const counts = new Int32Array(50);
    for (const place of hashWords(WORDS, 50)) counts[place] = (counts[place] as number) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(40);
    expect(Math.max(...counts)).toBeLessThan(125);
    expect(() => hashWords(["a"], 0)).toThrow("hashing: Cannot use buckets");
  });
});

describe("hashFeatures", () => {
  it("adds a word's sign to its place once per occurrence", () => {
    const [one, two] = [hashFeatures(["cat"], 64), hashFeatures(["cat", "dog", "cat"], 64)];
    const [cat = 0, dog = 0] = hashWords(["cat", "dog"], 64);
    expect(cat).not.toBe(dog);
    expect(Math.abs(one[cat] as number)).toBe(1);
    expect(two[cat]).toBe(2 * (one[cat] as number));
    expect(Math.abs(two[dog] as number)).toBe(1);
    expect(two.filter((x) => x !== 0).length).toBe(2);
  });

  it("uses both signs alike, whatever the place", () => {
    const sum = hashFeatures(WORDS, 1)[0] as number;
    expect(Math.abs(sum)).toBeLessThan(250);
    const even = hashFeatures(WORDS, 2).map(Math.abs);
    expect(Math.max(...even)).toBeLessThan(200);
  });
});

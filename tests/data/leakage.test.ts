import { describe, expect, it } from "vitest";
import { findLeakingWords } from "../../src/data/leakage.ts";
import { encodeBag } from "../../src/data/words.ts";

const LIMITS = { precision: 0.8, coverage: 0.3 };

describe("findLeakingWords()", () => {
  it("finds a word that marks a class, and how well", () => {
    const documents = [
      ["flag", "red"],
      ["flag"],
      ["flag", "flag"],
      ["red"],
      ["dog"],
      ["red", "flag"],
    ];
    const bag = encodeBag(documents, ["dog", "flag", "red"]);
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1);
    expect(findLeakingWords(bag, labels, { ...LIMITS, precision: 0.7 })).toEqual([
      { word: "dog", label: 1, precision: 1, coverage: 0.5 },
      { word: "flag", label: 0, precision: 0.75, coverage: 0.75 },
    ]);
    expect(findLeakingWords(bag, labels, LIMITS).map(({ word }) => word)).toEqual(["dog"]);
  });

  it("lets a rare word of one class pass", () => {
    const documents = [["rare"], ["b"], ["b"], ["b"], ["b"], ["b"]];
    const bag = encodeBag(documents, ["b", "rare"]);
    expect(findLeakingWords(bag, Int32Array.of(0, 0, 0, 0, 1, 1), LIMITS)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { buildVocabulary, encodeBag, splitWords } from "../../src/data/words.ts";

describe("splitWords()", () => {
  it("splits at whatever is no letter and no digit, in any script", () => {
    expect(splitWords("Côte d’Ivoire: No. 7, ДОМ-кот!")).toEqual([
      "côte",
      "d",
      "ivoire",
      "no",
      "7",
      "дом",
      "кот",
    ]);
    expect(splitWords("...")).toEqual([]);
  });
});

describe("buildVocabulary()", () => {
  it("counts documents, not occurrences", () => {
    const documents = [["a", "a", "b"], ["b", "c"], null];
    expect(buildVocabulary(documents)).toEqual(["a", "b", "c"]);
    expect(buildVocabulary(documents, 2)).toEqual(["b"]);
  });
});

describe("encodeBag()", () => {
  it("leaves unknown words out and says who lacks the modality", () => {
    const bag = encodeBag([["b", "x", "a", "b"], null, []], ["a", "b"]);
    expect([...bag.ids]).toEqual([1, 0, 1]);
    expect([...bag.offsets]).toEqual([0, 3, 3, 3]);
    expect(bag.present).toEqual(Uint8Array.of(1, 0, 1));
    expect(encodeBag([["a"]], ["a"]).present).toBeUndefined();
  });
});

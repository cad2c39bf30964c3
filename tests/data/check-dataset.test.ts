import { describe, expect, it } from "vitest";
import { checkDataset } from "../../src/data/check-dataset.ts";
import { type BagData, type Dataset, type DenseData, subset } from "../../src/data/dataset.ts";
import { DataError } from "../../src/engine/errors.ts";
import { createTiny } from "../support/tiny-dataset.ts";

describe("checkDataset()", () => {
  const edit = (change: Partial<Dataset<"image" | "text">>) => () =>
    checkDataset({ ...createTiny(), ...change });
  const dense = (change: Partial<DenseData>) => () => {
    const { image, text } = createTiny().modalities;
    return edit({ modalities: { text, image: { ...(image as DenseData), ...change } } })();
  };
  const bag = (change: Partial<BagData>) => () => {
    const { image, text } = createTiny().modalities;
    return edit({ modalities: { image, text: { ...(text as BagData), ...change } } })();
  };

  it("accepts a sound dataset", () => {
    const dataset = createTiny();
    expect(checkDataset(dataset)).toBe(dataset);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "names modality, sample and place of %f",
    (bad) => {
      const values = Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0, 5, bad, 7, 8);
      expect(dense({ values })).toThrow(DataError);
      expect(dense({ values })).toThrow(
        `dataset: Cannot use a value of sample "c" (index 2), modality "image", position 1: expected a finite number, got ${bad}`,
      );
    },
  );

  it("does not read the values of a missing modality", () => {
    const values = Float32Array.of(1, 2, 3, 4, Number.NaN, 0, 0, 0, 5, 6, 7, 8);
    expect(dense({ values })).not.toThrow();
  });

  it.each([
    ["label", edit({ labels: Int32Array.of(0, 1, 2) }), 'of sample "c": expected 0 to 1, got 2'],
    ["negative label", edit({ labels: Int32Array.of(0, -1, 0) }), "expected 0 to 1, got -1"],
    ["empty class", edit({ classes: ["cat", "dog", "cow"] }), 'class "cow": expected at least one'],
    ["class twice", edit({ classes: ["cat", "cat"] }), '"cat" twice'],
    ["labels' length", edit({ labels: Int32Array.of(0, 1) }), "expected a length of 3, got 2"],
    ["ids' length", edit({ ids: ["a"] }), "Cannot use the ids: expected a length of 3, got 1"],
    ["id twice", edit({ ids: ["a", "b", "a"] }), '"a" twice'],
    ["groups' length", edit({ groups: Int32Array.of(1) }), "Cannot use the groups"],
    ["values' length", dense({ values: new Float32Array(11) }), "expected a length of 12, got 11"],
    ["shape", dense({ shape: [2, 0] }), "expected positive whole sides, got [2, 0]"],
    ["mask's length", dense({ present: Uint8Array.of(1) }), 'mask of modality "image"'],
    ["mask's values", dense({ present: Uint8Array.of(1, 2, 0) }), "expected 0 or 1, got 2"],
    ["no sample", dense({ present: Uint8Array.of(0, 0, 0) }), "at least one sample that has it"],
    ["no modality", dense({ present: Uint8Array.of(1, 0, 0) }), 'got none in sample "c"'],
    ["token", bag({ vocabulary: 2, words: ["a", "b"] }), "expected 0 to 1, got 2"],
    ["vocabulary", bag({ vocabulary: 0 }), "expected a size of at least 1, got 0"],
    ["words", bag({ words: ["a"] }), 'the words of modality "text"'],
    ["offsets' order", bag({ offsets: Int32Array.of(0, 3, 2, 4) }), "expected at least 3, got 2"],
    ["offsets' start", bag({ offsets: Int32Array.of(1, 2, 3, 4) }), "expected 0 first, got 1"],
    ["offsets' length", bag({ offsets: Int32Array.of(0, 4) }), "expected a length of 4, got 2"],
    ["ids beyond", bag({ ids: Int32Array.of(0, 1, 2) }), "expected a length of 4, got 3"],
  ])("refuses a wrong %s", (_name, build, message) => {
    expect(build).toThrow(DataError);
    expect(build).toThrow(message);
  });

  it("accepts a class or a modality without samples in a part", () => {
    const part = { ...subset(createTiny(), [1]), classes: ["cat", "dog", "cow"] };
    expect(() => checkDataset(part, { part: true })).not.toThrow();
  });
});

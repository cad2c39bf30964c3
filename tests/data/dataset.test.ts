import { describe, expect, it } from "vitest";
import { checkDataset } from "../../src/data/check-dataset.ts";
import {
  type BagData,
  type Dataset,
  type DenseData,
  mask,
  subset,
} from "../../src/data/dataset.ts";
import { fromArrays, fromArraysLike } from "../../src/data/from-arrays.ts";
import { DataError } from "../../src/engine/errors.ts";

function createTiny() {
  return fromArrays({
    modalities: {
      image: [
        [
          [1, 2],
          [3, 4],
        ],
        null,
        [
          [5, 6],
          [7, 8],
        ],
      ],
      text: ["Red ball", "blue ball!", undefined],
    },
    labels: ["cat", "dog", "cat"],
    ids: ["a", "b", "c"],
    groups: ["x", "y", "x"],
  });
}

describe("fromArrays()", () => {
  it("keeps shape, values and gaps of nested numbers", () => {
    const { image } = createTiny().modalities;
    expect(image).toEqual({
      kind: "dense",
      shape: [2, 2],
      values: Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8),
      present: Uint8Array.of(1, 0, 1),
    });
  });

  it("turns texts into bags of their lower-case words", () => {
    const text = createTiny().modalities.text as BagData;
    expect(text.words).toEqual(["ball", "blue", "red"]);
    expect([...text.ids]).toEqual([2, 0, 1, 0]);
    expect([...text.offsets]).toEqual([0, 2, 4, 4]);
    expect([...(text.present as Uint8Array)]).toEqual([1, 1, 0]);
  });

  it("names classes from labels and numbers groups", () => {
    const dataset = createTiny();
    expect(dataset.classes).toEqual(["cat", "dog"]);
    expect([...dataset.labels]).toEqual([0, 1, 0]);
    expect([...(dataset.groups as Int32Array)]).toEqual([0, 1, 0]);
    expect(dataset.size).toBe(3);
    const numeric = fromArrays({ modalities: { x: [[1], [2], [3]] }, labels: [10, 2, 10] });
    expect(numeric.classes).toEqual(["2", "10"]);
  });

  it("takes numeric labels as positions where classes are given", () => {
    const options = { modalities: { x: [[1], [2]] }, classes: ["no", "yes"] };
    expect([...fromArrays({ ...options, labels: [1, 0] }).labels]).toEqual([1, 0]);
    expect(() => fromArrays({ ...options, labels: [0, 2] })).toThrow(
      "dataset: Cannot use a label: expected 0 to 1, got 2",
    );
  });

  it("does not compile with a misspelt modality", () => {
    const dataset = createTiny();
    const good: Dataset<"image" | "text"> = dataset;
    // @ts-expect-error there is no "imagee"
    const bad = dataset.modalities.imagee;
    // @ts-expect-error there is no "imagee"
    expect(() => mask(dataset, { imagee: new Uint8Array(3) })).toThrow(
      'mask: Cannot find modality "imagee" in "arrays": expected one of "image", "text"',
    );
    expect([good.size, bad]).toEqual([3, undefined]);
  });

  it("refuses samples of different shape or kind", () => {
    const build = (image: never) => () => fromArrays({ modalities: { image }, labels: [0, 1] });
    expect(build([[1, 2], [1]] as never)).toThrow(
      'dataset: Cannot read modality "image": expected numbers of shape [2], got [1] at sample 1',
    );
    expect(
      build([
        [[1], [2]],
        [[1], [2, 3]],
      ] as never),
    ).toThrow("at sample 1");
    expect(build(["one", [1]] as never)).toThrow("expected texts only, got a object at sample 1");
    expect(build([null, null] as never)).toThrow("expected at least one sample that has it");
  });
});

describe("fromArraysLike()", () => {
  it("keeps classes, shapes and vocabularies, and fills a missing modality", () => {
    const train = createTiny();
    const fresh = fromArraysLike(train, {
      modalities: { text: ["a green ball"] },
      labels: ["dog"],
    });
    expect(fresh.classes).toBe(train.classes);
    expect([...fresh.labels]).toEqual([1]);
    expect([...(fresh.modalities.text as BagData).ids]).toEqual([0]);
    expect(fresh.modalities.image).toEqual({
      kind: "dense",
      shape: [2, 2],
      values: new Float32Array(4),
      present: Uint8Array.of(0),
    });
  });

  it("marks labels unknown where none are given", () => {
    const image = { shape: [2, 2], values: new Float32Array(12) };
    const fresh = fromArraysLike(createTiny(), { modalities: { image } });
    expect([...fresh.labels]).toEqual([-1, -1, -1]);
    expect(() => checkDataset(fresh)).toThrow("expected 0 to 1, got -1");
  });

  it("refuses unknown modalities and classes, other shapes and samples with nothing", () => {
    const train = createTiny();
    // @ts-expect-error there is no "imagee"
    expect(() => fromArraysLike(train, { modalities: { imagee: [[1]] } })).toThrow(
      'dataset: Cannot use modality "imagee": expected one of "image", "text"',
    );
    expect(() => fromArraysLike(train, { modalities: { image: [[1, 2]] } })).toThrow(
      'Cannot read modality "image": expected numbers of shape [2, 2], got numbers of shape [2]',
    );
    expect(() => fromArraysLike(train, { modalities: { text: ["a"] }, labels: ["cow"] })).toThrow(
      'dataset: Cannot use label "cow": expected one of "cat", "dog"',
    );
    expect(() => fromArraysLike(train, { modalities: { text: [null] } })).toThrow(
      'expected at least one modality, got none in sample "0"',
    );
  });
});

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

describe("subset()", () => {
  it("takes values, tokens, masks, labels, ids and groups along", () => {
    const part = subset(createTiny(), [2, 1]);
    const { image, text } = part.modalities as { image: DenseData; text: BagData };
    expect([...image.values]).toEqual([5, 6, 7, 8, 0, 0, 0, 0]);
    expect([...(image.present as Uint8Array)]).toEqual([1, 0]);
    expect([...text.ids]).toEqual([1, 0]);
    expect([...text.offsets]).toEqual([0, 0, 2]);
    expect([...part.labels]).toEqual([0, 1]);
    expect(part.ids).toEqual(["c", "b"]);
    expect([...(part.groups as Int32Array)]).toEqual([0, 1]);
    expect(part.size).toBe(2);
  });

  it("refuses a position out of range", () => {
    expect(() => subset(createTiny(), [3])).toThrow("expected an index from 0 to 2, got 3");
  });
});

describe("mask()", () => {
  it("takes away what was there and brings nothing back", () => {
    const masked = mask(createTiny(), { image: Uint8Array.of(0, 1, 1) });
    expect([...(masked.modalities.image.present as Uint8Array)]).toEqual([0, 0, 1]);
    expect([...(masked.modalities.text.present as Uint8Array)]).toEqual([1, 1, 0]);
  });

  it("refuses a mask of another length", () => {
    expect(() => mask(createTiny(), { text: new Uint8Array(2) })).toThrow(
      "expected 3 bytes, got 2",
    );
  });
});

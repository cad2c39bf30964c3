import { describe, expect, it } from "vitest";
import { checkDataset } from "../../src/data/check-dataset.ts";
import { type BagData, type Dataset, mask } from "../../src/data/dataset.ts";
import { fromArrays, fromArraysLike } from "../../src/data/from-arrays.ts";
import { DataError } from "../../src/engine/errors.ts";
import { createTiny } from "../support/tiny-dataset.ts";

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
      'dataset: Cannot use label "2": expected 0 to 1',
    );
  });

  it("takes one number per sample", () => {
    const { age } = fromArrays({
      modalities: { age: [31, 20, 7] },
      labels: [0, 1, 0],
    }).modalities;
    expect(age).toMatchObject({ shape: [1], values: Float32Array.of(31, 20, 7) });
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

  it("reads numbers as names where the classes are numbers", () => {
    const train = fromArrays({ modalities: { x: [1, 2] }, labels: [1, 2] });
    const labels = [2, 1];
    expect([...fromArraysLike(train, { modalities: { x: [3, 4] }, labels }).labels]).toEqual([
      1, 0,
    ]);
    expect(() => fromArraysLike(train, { modalities: { x: [3] }, labels: [0] })).toThrow(
      'dataset: Cannot use label "0": expected one of "1", "2"',
    );
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

it.each([
  [
    { modalities: { x: [[1]] } },
    "Cannot use the labels: expected one per sample, in a list, got undefined",
  ],
  [{ modalities: null, labels: ["a"] }, "expected an object with an entry for each, got null"],
  [{ labels: ["a"] }, "expected an object with an entry for each, got undefined"],
])("refuses %j with a typed error", (options, message) => {
  expect(() => fromArrays(options as never)).toThrow(DataError);
  expect(() => fromArrays(options as never)).toThrow(message);
});

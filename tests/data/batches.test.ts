import { describe, expect, it } from "vitest";
import {
  type BagInput,
  batches,
  batchesOf,
  countSteps,
  type DenseInput,
} from "../../src/data/batches.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";

/** Sample i: image [i, -i] unless i is odd, text of i % 4 words unless i is a multiple of 3. */
function createMixed(size: number) {
  const rows = Array.from({ length: size }, (_, i) => i);
  return fromArrays({
    modalities: {
      image: rows.map((i) => (i % 2 === 1 && i % 3 !== 0 ? null : [i, -i])),
      text: rows.map((i) => (i % 3 === 0 ? null : `w${i} `.repeat(i % 4))),
    },
    labels: rows.map((i) => i % 5),
  });
}

const collect = (options: Parameters<typeof batches>[1]) =>
  [...batches(createMixed(23), options)].map((batch) => [...batch.indices]);

describe("batches()", () => {
  it("yields every sample once per epoch", () => {
    const order = collect({ size: 4, seed: 1, epoch: 2 });
    expect(order.map((indices) => indices.length)).toEqual([4, 4, 4, 4, 4, 3]);
    expect(countSteps(23, 4)).toBe(order.length);
    expect(order.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, i) => i));
  });

  it("orders by (seed, epoch) alone", () => {
    const order = collect({ size: 4, seed: 1, epoch: 2 });
    expect(collect({ size: 4, seed: 1, epoch: 2 })).toEqual(order);
    expect(collect({ size: 4, seed: 1, epoch: 3 })).not.toEqual(order);
    expect(collect({ size: 4, seed: 2, epoch: 2 })).not.toEqual(order);
  });

  it("resumes at any step", () => {
    const order = collect({ size: 4, seed: 9, epoch: 1 });
    for (let start = 0; start <= order.length; start++) {
      expect(collect({ size: 4, seed: 9, epoch: 1, start })).toEqual(order.slice(start));
    }
  });

  it("keeps the dataset's order without shuffling", () => {
    expect(collect({ size: 23, shuffle: false }).flat()).toEqual(
      Array.from({ length: 23 }, (_, i) => i),
    );
  });

  it("holds the values, tokens and labels of exactly the rows that have the modality", () => {
    const dataset = createMixed(23);
    const words = (dataset.modalities.text as { words: readonly string[] }).words;
    let images = 0;
    let texts = 0;
    for (const batch of batches(dataset, { size: 5, seed: 4 })) {
      const indices = [...batch.indices];
      expect([...batch.labels]).toEqual(indices.map((i) => i % 5));
      const image = batch.inputs.image as DenseInput;
      const withImage = indices.filter((i) => i % 2 === 0 || i % 3 === 0);
      const imageRows = image.rows ?? Int32Array.from(indices.keys());
      expect(Array.from(imageRows, (row) => indices[row])).toEqual(withImage);
      expect([...image.values]).toEqual(withImage.flatMap((i) => [i, -i]));
      images += image.count;
      const text = batch.inputs.text as BagInput;
      const withText = indices.filter((i) => i % 3 !== 0);
      const textRows = text.rows ?? Int32Array.from(indices.keys());
      expect(Array.from(textRows, (row) => indices[row])).toEqual(withText);
      expect(text.offsets.length).toBe(text.count + 1);
      withText.forEach((i, n) => {
        const tokens = [...text.ids.subarray(text.offsets[n], text.offsets[n + 1])];
        expect(tokens.map((token) => words[token])).toEqual(Array(i % 4).fill(`w${i}`));
      });
      texts += text.count;
    }
    expect([images, texts]).toEqual([16, 15]);
  });

  it("says null for rows that are all there, and leaves out a modality that none has", () => {
    const dataset = fromArrays({
      modalities: { a: [[1], [2], [3], [4]], b: [null, null, [3], [4]] },
      labels: [0, 1, 0, 1],
    });
    const found = [...batches(dataset, { size: 2, shuffle: false })].map(({ inputs }) => inputs);
    expect(found.map((inputs) => Object.keys(inputs))).toEqual([["a"], ["a", "b"]]);
    expect(found.map((inputs) => inputs.a?.rows)).toEqual([null, null]);
  });

  it("refuses sizes, epochs and starts that are no whole numbers", () => {
    expect(() => collect({ size: 0 })).toThrow(
      "batches: Cannot use size: expected a whole number >= 1, got 0",
    );
    expect(() => collect({ size: 1, epoch: -1 })).toThrow("Cannot use epoch");
    expect(() => collect({ size: 1, start: 0.5 })).toThrow("Cannot use start");
  });
});

describe("batchesOf()", () => {
  it("yields the samples that are asked for, a sample also twice, batches of any size", () => {
    const parts = [Int32Array.of(6, 6), Int32Array.of(), Int32Array.of(22, 0, 4)];
    const seen: object[] = [];
    for (const { indices, labels, inputs } of batchesOf(createMixed(23), parts)) {
      const images = inputs.image?.kind === "dense" ? [...inputs.image.values] : null;
      seen.push({ indices: [...indices], labels: [...labels], images });
    }
    expect(seen).toEqual([
      { indices: [6, 6], labels: [1, 1], images: [6, -6, 6, -6] },
      { indices: [], labels: [], images: null },
      { indices: [22, 0, 4], labels: [2, 0, 4], images: [22, -22, 0, -0, 4, -4] },
    ]);
  });
});

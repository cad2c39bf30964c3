import { describe, expect, it } from "vitest";
import { hashDatasets } from "../../src/data/content-hash.ts";
import type { Dataset, DenseData } from "../../src/data/dataset.ts";
import { createSynthetic, synthetic } from "../../src/data/synthetic.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";

/** Of the default options: a change means that results no longer compare. */
const DATA_HASH = "332a423347ead8bdad1f5541e6525e298b508818ab2ab5da8446b9b73fd2b1fa";

const features = (dataset: Dataset, name: string) => dataset.modalities[name] as DenseData;

/** Accuracy on `test` of the class whose training samples have the best mean score with a sample. */
function accuracy(
  train: Dataset,
  test: Dataset,
  name: string,
  score: (product: number) => number,
): number {
  const [width] = features(train, name).shape as [number];
  const classes = train.classes.length;
  const row = (dataset: Dataset, i: number) =>
    features(dataset, name).values.subarray(i * width, (i + 1) * width);
  let right = 0;
  for (let i = 0; i < test.size; i++) {
    const sample = row(test, i);
    const scores = new Float64Array(classes);
    for (let j = 0; j < train.size; j++) {
      const product = row(train, j).reduce(
        (sum, value, k) => sum + value * (sample[k] as number),
        0,
      );
      const label = train.labels[j] as number;
      scores[label] = (scores[label] as number) + score(product);
    }
    if (scores.indexOf(Math.max(...scores)) === test.labels[i]) right++;
  }
  return right / test.size;
}

describe("createSynthetic()", () => {
  it("gives the same bits everywhere for the same options, and others for another seed", async () => {
    const first = await synthetic.load();
    expect(first.manifest.dataHash).toBe(DATA_HASH);
    expect(await synthetic.prepare()).toEqual(first.manifest);
    expect((await createSynthetic({ seed: 2 })).manifest.dataHash).not.toBe(DATA_HASH);
  });

  it("shows the easy modality to a linear rule, the hard one only to an even one", async () => {
    const { train, validation } = await createSynthetic();
    const linear = (product: number) => product;
    const even = (product: number) => product * product;
    expect(accuracy(train, validation, "easy", linear)).toBeGreaterThan(0.85);
    expect(accuracy(train, validation, "hard", linear)).toBeLessThan(0.5);
    expect(accuracy(train, validation, "hard", even)).toBeGreaterThan(0.85);
  });

  it("makes any named modalities, sizes and classes", async () => {
    const { train, openTest, manifest } = await createSynthetic({
      modalities: {
        touch: { kind: "linear", features: 3, signal: 1 },
        smell: { kind: "folded", features: 5, signal: 2 },
        taste: { kind: "linear", features: 2, signal: 0 },
      },
      classes: 4,
      sizes: { train: 10, validation: 8, test: 6 },
    });
    expect(Object.keys(train.modalities)).toEqual(["touch", "smell", "taste"]);
    // @ts-expect-error there is no "sight"
    expect(train.modalities.sight).toBeUndefined();
    expect(features(train, "smell").values.length).toBe(50);
    expect(manifest.counts).toEqual({
      train: [3, 3, 2, 2],
      validation: [2, 2, 2, 2],
      test: [2, 2, 1, 1],
    });
    const { dataHash } = manifest;
    expect(openTest({ time: "", dataHash, command: "test", run: "test" }).size).toBe(6);
    const entry = { time: "", dataHash: "other", command: "test", run: "test" };
    expect(() => openTest(entry)).toThrow("synthetic: Cannot open the test part");
  });

  it("keeps a modality's values whatever stands beside it", async () => {
    const hard = { kind: "folded", features: 32, signal: 0.7 } as const;
    const alone = await createSynthetic({ modalities: { hard } });
    const { train } = await createSynthetic();
    expect(alone.train.modalities.hard).toEqual(train.modalities.hard);
  });

  it("refuses sizes, features and signals that make no data", async () => {
    const small = { train: 3, validation: 6, test: 6 };
    await expect(createSynthetic({ sizes: small })).rejects.toThrow(DataError);
    await expect(createSynthetic({ classes: 1 })).rejects.toThrow(OptionError);
    const make = (change: object) =>
      createSynthetic({ modalities: { a: { kind: "linear", features: 1, signal: 1, ...change } } });
    await expect(make({ features: 0 })).rejects.toThrow(
      'synthetic: Cannot use the features of "a": expected a whole number of at least 1, got 0',
    );
    await expect(make({ signal: Number.NaN })).rejects.toThrow('signal of "a"');
  });
});

describe("hashDatasets()", () => {
  it("changes with every part of the data", async () => {
    const { train } = await createSynthetic({ sizes: { train: 12, validation: 6, test: 6 } });
    const values = features(train, "easy").values.slice();
    values[5] = (values[5] as number) + 1e-6;
    const easy = { ...features(train, "easy"), values };
    const hidden = { ...features(train, "easy"), present: new Uint8Array(12).fill(1) };
    const { hard } = train.modalities;
    const variants: Dataset[] = [
      train,
      { ...train, labels: train.labels.map((label) => 5 - label) },
      { ...train, ids: train.ids.map((id) => `${id}'`) },
      { ...train, classes: [...train.classes].reverse() },
      { ...train, groups: new Int32Array(12) },
      { ...train, modalities: { easy, hard } },
      { ...train, modalities: { easy: hidden, hard } },
      { ...train, modalities: { hard, easy: train.modalities.easy } },
      { ...train, modalities: { easy: train.modalities.easy } },
    ];
    const hashes = await Promise.all(variants.map((variant) => hashDatasets([variant])));
    expect(new Set(hashes).size).toBe(variants.length);
    expect(await hashDatasets([{ ...train }])).toBe(hashes[0]);
  });
});

import { describe, expect, it } from "vitest";
import { pictures, spectra, words } from "../../src/augment/index.ts";
import { createBatchAugmenter } from "../../src/data/augment-batches.ts";
import { type Augmenter, buildAugmenter } from "../../src/data/augmentation.ts";
import { type BagInput, batchesOf, type DenseInput } from "../../src/data/batches.ts";
import type { ModalityData } from "../../src/data/dataset.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { Random } from "../../src/random.ts";

const SHAPE = [6, 5, 2];
const WORDS = "aa bb cc dd ee ff gg hh".split(" ");

/** Six samples; the second lacks the picture, the last the words. */
function createData() {
  const picture = (i: number) =>
    Array.from({ length: 6 }, (_, y) => Array.from({ length: 5 }, (_, x) => [i + x / 5, y * x]));
  return fromArrays({
    modalities: {
      image: [0, 1, 2, 3, 4, 5].map((i) => (i === 1 ? null : picture(i))),
      text: [0, 1, 2, 3, 4, 5].map((i) => (i === 5 ? null : WORDS.join(" "))),
    },
    labels: [0, 1, 0, 1, 0, 1],
  });
}

async function createAugmenters(): Promise<Record<"image" | "text", Augmenter>> {
  const image = buildAugmenter("image", pictures(), { kind: "dense", shape: SHAPE });
  const text = buildAugmenter("text", words({ drop: 0.5 }), { kind: "bag", vocabulary: 8 });
  await image.ready?.();
  return { image, text };
}

/** What each sample of an epoch became, by its position and by how often it came. */
async function augmented(parts: readonly number[][], seed = 1, epoch = 0) {
  const augment = createBatchAugmenter(await createAugmenters(), seed, epoch);
  const found: Record<string, { image?: number[]; text?: number[] }> = {};
  const lists = parts.map((part) => Int32Array.from(part));
  for (const read of batchesOf(createData(), lists)) {
    const { indices, inputs } = augment(read);
    const image = inputs.image as DenseInput | undefined;
    const text = inputs.text as BagInput | undefined;
    indices.forEach((index, row) => {
      let key = `${index}`;
      while (key in found) key += "'";
      const at = image?.rows === null ? row : [...(image?.rows ?? [])].indexOf(row);
      const list = text?.rows === null ? row : [...(text?.rows ?? [])].indexOf(row);
      found[key] = {
        ...(image && at >= 0 && { image: [...image.values.subarray(at * 60, (at + 1) * 60)] }),
        ...(text &&
          list >= 0 && {
            text: [...text.ids.subarray(text.offsets[list], text.offsets[list + 1])],
          }),
      };
    });
  }
  return found;
}

describe("createBatchAugmenter()", () => {
  it("does to a sample what depends on seed, epoch and position alone, not on its batch", async () => {
    const whole = await augmented([[0, 1, 2, 3, 4, 5]]);
    expect(await augmented([[5, 3], [1], [4, 2, 0]])).toEqual(whole);
    expect(await augmented([[0, 1, 2, 3, 4, 5]], 2)).not.toEqual(whole);
    expect(await augmented([[0, 1, 2, 3, 4, 5]], 1, 1)).not.toEqual(whole);
    expect(whole[0]?.text).not.toEqual(whole[2]?.text);
    expect(Object.keys(whole[1] ?? {})).toEqual(["text"]);
    expect(Object.keys(whole[5] ?? {})).toEqual(["image"]);
  });

  it("does other things to a sample that comes again", async () => {
    const found = await augmented([[0, 0], [0]]);
    expect(
      new Set([found[0], found["0'"], found["0''"]].map((one) => String(one?.image))).size,
    ).toBe(3);
    expect(found[0]).toEqual((await augmented([[0]]))[0]);
  });

  it("leaves the data as they are", async () => {
    const before = createData();
    const data: ModalityData = before.modalities.image;
    const augment = createBatchAugmenter(await createAugmenters(), 1, 0);
    for (const batch of batchesOf(before, [Int32Array.of(0, 2)])) augment(batch);
    expect(data).toEqual(createData().modalities.image);
  });
});

describe("words()", () => {
  it("leaves out the share that it is asked to, in order, and always keeps one", () => {
    const { apply } = buildAugmenter("text", words({ drop: 0.25 }), {
      kind: "bag",
      vocabulary: 9000,
    }) as Augmenter<"bag">;
    const ids = Int32Array.from({ length: 8000 }, (_, i) => i);
    const kept = apply(ids, new Random(1));
    expect(Math.abs(kept.length / 8000 - 0.75)).toBeLessThan(0.02);
    expect(kept).toEqual(kept.slice().sort());
    const all = buildAugmenter("text", words({ drop: 1 }), { kind: "bag", vocabulary: 9 });
    expect((all as Augmenter<"bag">).apply(ids.subarray(0, 5), new Random(2)).length).toBe(1);
    expect((all as Augmenter<"bag">).apply(ids.subarray(0, 0), new Random(2)).length).toBe(0);
  });
});

describe("spectra()", () => {
  const values = Float32Array.from({ length: 40 * 16 }, (_, i) => 1 + i);
  const apply = (options: Parameters<typeof spectra>[0], seed = 3) => {
    const form = { kind: "dense", shape: [40, 16, 1] } as const;
    const augmenter = buildAugmenter("sound", spectra(options), form) as Augmenter<"dense">;
    return augmenter.apply(values, new Random(seed));
  };

  it("without options it changes nothing", () => {
    expect(apply({})).toEqual(values);
  });

  it("masks whole bands and frames", () => {
    const masked = apply({ bands: 6, frames: 20, fill: -1 });
    const at = (frame: number, band: number) => masked[frame * 16 + band] === -1;
    const frames = Array.from({ length: 40 }, (_, f) => f);
    const bands = Array.from({ length: 16 }, (_, b) => b);
    const hidden = frames.filter((f) => bands.every((b) => at(f, b)));
    const silent = bands.filter((b) => frames.every((f) => at(f, b)));
    expect(hidden.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    const count = masked.filter((x) => x === -1).length;
    expect(count).toBe(hidden.length * 16 + silent.length * (40 - hidden.length));
  });

  it("rolls by up to the asked number of frames, and adds noise up to its bound", () => {
    const starts = Array.from({ length: 40 }, (_, seed) => apply({ roll: 3 }, seed)[0] as number);
    const by = new Set(starts.map((first) => ((640 - (first - 1)) / 16) % 40));
    expect([...by].every((frames) => frames <= 3 || frames >= 37)).toBe(true);
    expect(by.size).toBe(6);
    const noisy = apply({ noise: 0.5 }).map((x, i) => x - (values[i] as number));
    expect(Math.min(...noisy)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...noisy)).toBeLessThan(0.5);
    expect(new Set(noisy).size).toBeGreaterThan(100);
  });
});

describe("pictures()", () => {
  const film = Float32Array.from({ length: 3 * 60 }, (_, i) => i % 60);
  const apply = async (options: Parameters<typeof pictures>[0], seed = 3) => {
    const form = { kind: "dense", shape: [3, ...SHAPE] } as const;
    const augmenter = buildAugmenter("film", pictures(options), form) as Augmenter<"dense">;
    await augmenter.ready?.();
    const out = augmenter.apply(film, new Random(seed));
    return [0, 1, 2].map((frame) => [...out.subarray(frame * 60, (frame + 1) * 60)]);
  };

  it("draws for each frame, or for all of them together", async () => {
    const [a, b, c] = await apply({});
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(c);
    const [first, ...others] = await apply({ together: true });
    expect(others).toEqual([first, first]);
  });

  it("flips as often as asked, and not at all without crop and flip", async () => {
    const still = [...film.subarray(0, 60)];
    expect(await apply({ crop: false, flip: 0 })).toEqual([still, still, still]);
    const [flipped] = await apply({ crop: false, flip: 1 });
    expect(flipped?.slice(0, 10)).toEqual([8, 9, 6, 7, 4, 5, 2, 3, 0, 1]);
  });
});

describe("buildAugmenter()", () => {
  it("refuses another kind, another shape, and what does not fit", () => {
    const bag = { kind: "bag", vocabulary: 3 } as const;
    const dense = (...shape: number[]) => ({ kind: "dense", shape }) as const;
    expect(() => buildAugmenter("text", pictures(), bag)).toThrow(
      'pictures: Cannot augment modality "text": expected a "dense" modality, got "bag"',
    );
    expect(() => buildAugmenter("x", pictures(), dense(8))).toThrow("shape [8]: expected [height");
    expect(() => buildAugmenter("x", spectra(), dense(9, 9, 3))).toThrow(
      "expected [frames, bands]",
    );
    expect(() => buildAugmenter("x", spectra({ roll: 10 }), dense(9, 9))).toThrow(
      'Cannot use "roll" on samples of shape [9, 9]: expected at most 9, got 10',
    );
    expect(() =>
      buildAugmenter("x", pictures({ leastArea: 0.5, mostArea: 0.2 }), dense(4, 4, 1)),
    ).toThrow('Cannot set option "leastArea": expected at most "mostArea" = 0.2, got 0.5');
  });
});

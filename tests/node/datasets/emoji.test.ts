import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkDataset } from "../../../src/data/check-dataset.ts";
import type { BagData, Dataset, DenseData } from "../../../src/data/dataset.ts";
import { findLeakingWords } from "../../../src/data/leakage.ts";
import { restoreChannels } from "../../../src/data/normalise.ts";
import type { LoadedData } from "../../../src/data/source.ts";
import { DataError } from "../../../src/engine/errors.ts";
import { type EmojiModality, loadEmoji, prepareEmoji } from "../../../src/node/datasets/emoji.ts";
import { baseOf, cutTile, readEmojiPackage } from "../../../src/node/datasets/emoji-package.ts";

/** Of everything prepared from emoji-datasource 16.0.0: a change means that results no longer compare. */
const DATA_HASH = "1cf63fe61bbd0bc7437bfb9b9205f975bd2b72224562cc2bb39f37a9af3cdd3d";

let cacheDir: string;
let data: LoadedData<EmojiModality>;
let parts: Record<"train" | "validation" | "test", Dataset<EmojiModality>>;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "emoji-"));
  data = await loadEmoji({ cacheDir });
  const { train, validation, manifest } = data;
  const entry = { time: "", dataHash: manifest.dataHash, command: "test", run: "test" };
  parts = { train, validation, test: data.openTest(entry) };
});

afterAll(() => rm(cacheDir, { recursive: true }));

describe("emoji", () => {
  it("gives the same bytes on every machine", () => {
    expect(data.manifest.dataHash).toBe(DATA_HASH);
  });

  it("holds 1906 emoji in two artworks, 1731 bases, 521 words, 9 classes", () => {
    expect([parts.train.size, parts.validation.size, parts.test.size]).toEqual([2716, 548, 548]);
    expect(new Set(Object.values(parts).flatMap((part) => [...(part.groups ?? [])])).size).toBe(
      1731,
    );
    expect((parts.train.modalities.words as BagData).vocabulary).toBe(521);
    expect(parts.train.modalities.image).toMatchObject({ shape: [32, 32, 3] });
    expect(parts.train.classes.length).toBe(9);
  });

  it("keeps every promise of a dataset, with every class in every part", () => {
    for (const part of Object.values(parts)) expect(() => checkDataset(part)).not.toThrow();
  });

  it("counts in the manifest what is in the parts", () => {
    for (const [name, part] of Object.entries(parts)) {
      const counts = part.classes.map((_, label) => part.labels.filter((l) => l === label).length);
      expect(data.manifest.counts[name as keyof typeof parts]).toEqual(counts);
    }
  });

  it("keeps both artworks of an emoji, and all emoji of a base, in one part", () => {
    const owner = new Map<string, string>();
    for (const [name, part] of Object.entries(parts)) {
      part.ids.forEach((id, i) => {
        for (const key of [id.split("/")[0], `group ${part.groups?.[i]}`] as string[]) {
          expect(owner.get(key) ?? name).toBe(name);
          owner.set(key, name);
        }
      });
    }
    expect(owner.size).toBe(1906 + 1731);
  });

  it("has no class name among the words, and no word that marks a class", () => {
    const bag = parts.train.modalities.words as BagData;
    for (const word of ["flag", "flags", "symbol", "food", "people", "smiley", "animals"]) {
      expect(bag.words).not.toContain(word);
    }
    const limits = { precision: 0.8, coverage: 0.3 };
    expect(findLeakingWords(bag, parts.train.labels, limits)).toEqual([]);
  });

  it("normalises training pictures to mean 0, deviation 1 per channel", () => {
    const { values } = parts.train.modalities.image as DenseData;
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      let squares = 0;
      for (let i = channel; i < values.length; i += 3) {
        const value = values[i] as number;
        sum += value;
        squares += value * value;
      }
      expect(sum / (values.length / 3)).toBeCloseTo(0, 4);
      expect(squares / (values.length / 3)).toBeCloseTo(1, 4);
    }
  });

  it("shows the tile of the named emoji", async () => {
    const { emoji, sheets } = await readEmojiPackage(process.cwd());
    const part = parts.validation;
    const { values } = part.modalities.image as DenseData;
    const norm = data.manifest.normalisation?.image;
    const tile = new Uint8Array(32 * 32 * 3);
    for (const row of [0, 1, 100, 547]) {
      const [shortName, vendor] = (part.ids[row] as string).split("/");
      const item = emoji.find((entry) => entry.shortName === shortName);
      cutTile(sheets[vendor as "google"], item as never, tile);
      const stored = values.subarray(row * tile.length, (row + 1) * tile.length);
      expect(restoreChannels(stored, norm as never)).toEqual(tile);
    }
  });

  it("opens the test part only for an entry of its own data", () => {
    const entry = { time: "", dataHash: "0".repeat(64), command: "test", run: "test" };
    expect(() => data.openTest(entry)).toThrow(DataError);
    expect(() => data.openTest(entry)).toThrow("emoji: Cannot open the test part");
    // @ts-expect-error an entry is required
    expect(() => data.openTest()).toThrow("got undefined");
  });

  it("is prepared once, and again if damaged", async () => {
    const steps: string[] = [];
    const prepare = () => prepareEmoji({ cacheDir, onProgress: (message) => steps.push(message) });
    const file = join(cacheDir, "emoji", "emoji.safetensors");
    expect(await prepare()).toEqual(data.manifest);
    expect(steps).toEqual([]);
    await truncate(file, 1000);
    expect(await prepare()).toEqual(data.manifest);
    expect(steps[0]).toContain("truncated or changed since");
    expect((await readdir(join(cacheDir, "emoji"))).sort()).toEqual([
      "emoji.safetensors",
      "manifest.json",
    ]);
  });
});

describe("cutTile()", () => {
  it("takes the pixels inside the border and lays them on white", () => {
    const pixels = new Uint8Array(68 * 68 * 4);
    const put = (x: number, y: number, rgba: number[]) => pixels.set(rgba, (y * 68 + x) * 4);
    put(35, 1, [10, 20, 30, 255]); // tile (1, 0): first pixel
    put(66, 32, [0, 255, 100, 51]); // tile (1, 0): last pixel, a fifth opaque
    put(34, 0, [1, 1, 1, 255]); // border
    const target = new Uint8Array(32 * 32 * 3);
    const item = { name: "", shortName: "", unified: "", category: "", sheetX: 1, sheetY: 0 };
    cutTile({ width: 68, pixels }, item, target);
    expect([...target.subarray(0, 6)]).toEqual([10, 20, 30, 255, 255, 255]);
    expect([...target.subarray(-3)]).toEqual([204, 255, 224]);
    expect(target.filter((byte) => byte !== 255).length).toBe(5);
  });
});

describe("baseOf()", () => {
  it.each([
    ["1F3C3-200D-2640-FE0F", "1F3C3"], // woman running, runner
    ["1F469-200D-1F373", "person-1F373"], // woman cook
    ["1F9D1-1F3FD-200D-1F373", "person-1F373"], // cook, medium skin tone
    ["1F468", "1F468"], // man
    ["0023-FE0F-20E3", "0023-20E3"], // keycap #
  ])("of %s is %s", (unified, base) => {
    expect(baseOf(unified)).toBe(base);
  });
});

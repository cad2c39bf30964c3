import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { BagData, DenseData } from "../../../src/data/dataset.ts";
import { fileDataset } from "../../../src/node/prepare/file-dataset.ts";
import { picture } from "../../../src/node/prepare/forms/picture.ts";
import { sound } from "../../../src/node/prepare/forms/sound.ts";
import { words } from "../../../src/node/prepare/forms/words.ts";
import type { Item } from "../../../src/node/prepare/item.ts";
import { defineFileSet } from "../../../src/node/prepare/set.ts";
import { plainPng, tone, wavFile } from "../../support/files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const WORKER = new URL("../../../dist/node/prepare/worker.js", import.meta.url);
const CLASSES = ["high", "low"];
const COUNT = 100;

/** Colours, tones and words of two classes; sample 3 lacks its words, 4 has a broken picture, 5 none and no sound. */
const tiny = (version = 1) =>
  fileDataset(
    defineFileSet({
      name: "tiny",
      title: "",
      licence: "none",
      source: "made here",
      attribution: ["by hand"],
      version,
      variants: ["plain", "other"],
      splits: ["grouped", "authors"],
      fractions: { train: 2, validation: 1, test: 1 },
      forms: () => ({
        image: picture({ side: 4 }),
        speech: sound({ sampleRate: 8000, frames: 10, bands: 8 }),
        note: words({ minimum: 1 }),
      }),
      async read({ folder, report }) {
        report({ where: "list.csv:7", message: "a row without a label" });
        const items = Array.from({ length: COUNT }, (_, i): Item<"image" | "speech" | "note"> => {
          const part = i % 4 === 3 ? "test" : "train";
          return {
            id: `s${i}`,
            group: `g${i >> 1}`,
            label: CLASSES[(i >> 1) % 2] as string,
            part,
            cells: {
              image: { file: join(folder, `${i}.png`) },
              speech: i === 5 ? null : { file: join(folder, `${i}.wav`) },
              note: i === 3 || i === 5 ? null : { text: `word${(i >> 1) % 2}` },
            },
          };
        });
        return { items };
      },
    }),
  );

let from: string;
let cacheDir: string;
beforeEach(async () => {
  from = await temporaryFolder();
  cacheDir = await temporaryFolder();
  for (let i = 0; i < COUNT; i++) {
    const isLow = (i >> 1) % 2;
    await writeFile(join(from, `${i}.png`), plainPng(6, 5, isLow ? [0, 0, 200] : [200, 0, 0]));
    await writeFile(join(from, `${i}.wav`), wavFile(tone(isLow ? 200 : 2000, 0.06)));
  }
  await truncate(join(from, "4.png"), 40);
  await rm(join(from, "5.png"));
});

const prepare = (options: object = {}) =>
  tiny().prepare({ from, cacheDir, workers: 0, ...options });

describe("prepareSet()", () => {
  it("writes what can be read, says what cannot, and loads it again", async () => {
    const manifest = await prepare();
    expect(manifest.dropped).toBe(1);
    expect(manifest.missing).toEqual({ image: 1, speech: 0, note: 1 });
    expect(manifest.problems.count).toBe(3);
    expect(manifest.problems.first).toEqual([
      { where: "list.csv:7", message: "a row without a label" },
      { where: "4.png", message: expect.stringMatching(/^Cannot decode.*expected a whole png/) },
      { where: "5.png", message: "no such file" },
    ]);
    const files = (await readFile(join(cacheDir, "tiny", "files.jsonl"), "utf8"))
      .trim()
      .split("\n");
    expect(files.length).toBe(manifest.files.count);
    expect(JSON.parse(files[0] as string)).toEqual({
      path: "0.png",
      bytes: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await readdir(join(cacheDir, "tiny"))).sort()).toEqual([
      "files.jsonl",
      "manifest.json",
      "problems.jsonl",
      "tiny.safetensors",
    ]);
    const { train, validation } = await tiny().load({ cacheDir });
    expect(train.size + validation.size + manifest.counts.test.reduce((a, b) => a + b)).toBe(99);
    expect(train.classes).toEqual(CLASSES);
    const image = train.modalities.image as DenseData;
    expect(image.shape).toEqual([4, 4, 3]);
    const high = train.labels.indexOf(0);
    expect(image.values[high * 48]).toBeGreaterThan(0);
    expect(image.values[high * 48 + 2]).toBeLessThan(0);
    expect((train.modalities.note as BagData).words).toEqual(["word0", "word1"]);
    expect((train.modalities.speech as DenseData).shape).toEqual([10, 8, 1]);
  });

  it("keeps groups whole and every class in every part", async () => {
    await prepare();
    const { train, validation } = await tiny().load({ cacheDir });
    const groups = new Set(train.ids.map((id) => Number(id.slice(1)) >> 1));
    for (const id of validation.ids) expect(groups).not.toContain(Number(id.slice(1)) >> 1);
    expect(new Set(validation.labels).size).toBe(2);
  });

  it("gives the same bytes on any number of threads, and after an interruption", async () => {
    const { dataHash } = await prepare();
    const stop = new AbortController();
    const halted = prepare({
      cacheDir: from,
      name: "halted",
      workers: 1,
      workerScript: WORKER,
      signal: stop.signal,
      onProgress: (text: string) => text.includes("of 100") && stop.abort(new Error("halt")),
    });
    await expect(halted).rejects.toThrow("halt");
    expect(await readdir(join(from, "halted"))).toEqual(["parts"]);
    expect((await readdir(join(from, "halted", "parts"))).length).toBeGreaterThan(0);
    const options = { cacheDir: from, name: "halted", workers: 2, workerScript: WORKER };
    const whole = await prepare(options);
    expect(whole.dataHash).toBe(dataHash);
  });

  it("reads a file again that was put right since", async () => {
    await prepare();
    await writeFile(join(from, "4.png"), plainPng(6, 5, [200, 0, 0]));
    expect((await prepare()).missing.image).toBe(1);
    expect((await prepare({ force: true })).missing.image).toBe(0);
  });

  it("follows the authors' parts, draws validation from their training part, and counts torn groups", async () => {
    const manifest = await prepare({ split: "authors" });
    expect(manifest.name).toBe("tiny-authors");
    expect(manifest.counts.test).toEqual([0, 25]);
    expect(manifest.tornGroups).toBe(25);
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b);
    expect(sum(manifest.counts.validation)).toBeGreaterThan(20);
  });

  it("takes a few samples of every class", async () => {
    const manifest = await prepare({ limit: 12 });
    expect(manifest.name).toBe("tiny-12");
    // Of the twelve, s5 has nothing that can be read.
    expect(manifest.counts).toEqual({ train: [2, 3], validation: [2, 2], test: [1, 1] });
  });

  it("refuses what was prepared otherwise", async () => {
    await prepare();
    await expect(tiny(2).load({ cacheDir })).rejects.toThrow("prepared with other settings");
    await truncate(join(cacheDir, "tiny", "tiny.safetensors"), 100);
    await expect(tiny().load({ cacheDir })).rejects.toThrow("truncated or changed since");
  });

  it("says where to get the data, which variants and splits there are", async () => {
    await expect(tiny().prepare({ cacheDir })).rejects.toThrow(
      "expected --from DIR, got none; get them here: made here",
    );
    await expect(prepare({ variant: "third" })).rejects.toThrow('expected one of "plain", "other"');
    await expect(prepare({ split: "mine" })).rejects.toThrow(
      'expected one of "grouped", "authors"',
    );
  });
});

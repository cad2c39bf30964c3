import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BagData, subset } from "../../../src/data/dataset.ts";
import { findLeakingWords } from "../../../src/data/leakage.ts";
import { stamps, stampsSet } from "../../../src/node/datasets/stamps.ts";
import { type WordsSettings, wordsForm } from "../../../src/node/prepare/forms/words.ts";
import { planSamples } from "../../../src/node/prepare/plan.ts";
import { choose } from "../../../src/node/prepare/set.ts";
import { plainPng, tone, wavFile } from "../../support/files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The real stamps, where Debian puts them or where the variable says. */
const STAMPS = process.env.ALTERMODAL_STAMPS ?? stampsSet.find?.() ?? "no stamps";
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

/** Two groups of 20, one of 2; recordings are WAV inside, whatever their name, but for one of real OGG. */
async function makeStamps(): Promise<string> {
  const folder = await temporaryFolder();
  for (const [group, count] of [
    ["animals", 20],
    ["food", 20],
    ["medical", 2],
  ] as const) {
    await mkdir(join(folder, group, "sub"), { recursive: true });
    for (let i = 0; i < count; i++) {
      const base = join(folder, group, "sub", `item${i}`);
      // Items 0 and 1 have the same name; "animal" would give the class away.
      await writeFile(
        `${base}.txt`,
        `An animal of ${group} kind${Math.max(1, i)}.\nfr.utf8=Rien.\n`,
      );
      await writeFile(`${base}.png`, plainPng(10, 20, [i, 0, 0, 255]));
      if (i !== 2) {
        await writeFile(`${base}_desc_fr.ogg`, wavFile(tone(300, 0.3, 16000), { rate: 16000 }));
      }
    }
  }
  await writeFile(join(folder, "animals", "empty.txt"), "\n");
  return folder;
}

describe("stamps", () => {
  it("reads groups, names, pictures and the recordings of one language", async () => {
    const options = { from: await makeStamps(), cacheDir: await temporaryFolder(), workers: 0 };
    const manifest = await stamps.prepare(options);
    expect(manifest.classes).toEqual(["animals", "food"]);
    expect(manifest.missing).toEqual({ image: 0, words: 0, speech: 2 });
    expect(manifest.problems.first).toEqual([
      { where: "animals/empty.txt:1", message: expect.stringContaining("an English name") },
    ]);
    const { train, validation } = await stamps.load(options);
    const { words } = train.modalities;
    expect(words.kind === "bag" && words.words).toContain("kind1");
    expect(words.kind === "bag" && words.words).not.toContain("animal");
    for (const { ids } of [train, validation]) {
      expect(ids.includes("food/sub/item0")).toBe(ids.includes("food/sub/item1"));
    }
  });

  it.skipIf(!hasFfmpeg)("decodes SVG and OGG by ffmpeg (skipped without the program)", async () => {
    const from = await makeStamps();
    const base = join(from, "food", "sub", "item5");
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="8" fill="red"/></svg>';
    await mkdir(join(from, "food", "svg"));
    await writeFile(join(from, "food", "svg", "red.svg"), svg);
    await writeFile(join(from, "food", "svg", "red.txt"), "Red food");
    const ogg = join(from, "food", "svg", "red_desc_fr.ogg");
    spawnSync("ffmpeg", ["-v", "error", "-i", `${base}_desc_fr.ogg`, ogg]);
    const manifest = await stamps.prepare({ from, cacheDir: await temporaryFolder(), workers: 0 });
    expect(manifest.problems.count).toBe(1);
    expect(manifest.missing).toEqual({ image: 0, words: 0, speech: 2 });
  });

  it("says how to get ffmpeg where it is needed and missing", async () => {
    const from = await makeStamps();
    await writeFile(join(from, "food", "sub", "item5_desc_fr.ogg"), Buffer.from("OggS and so on"));
    const options = {
      from,
      cacheDir: await temporaryFolder(),
      workers: 0,
      ffmpeg: "no-such-ffmpeg",
    };
    await expect(stamps.prepare(options)).rejects.toThrow(
      /Cannot start "no-such-ffmpeg".*apt install ffmpeg.*--ffmpeg or ALTERMODAL_FFMPEG/,
    );
    // Told when nothing is at work any more: who removes the folder then is not written over.
    const left = await readdir(options.cacheDir, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readdir(options.cacheDir, { recursive: true })).toEqual(left);
  });

  it.skipIf(!existsSync(STAMPS))(
    "leaves no word that marks a group of the real stamps (skipped where they are not at hand)",
    async () => {
      const choices = choose(stampsSet, {});
      const context = { folder: STAMPS, ffmpeg: {}, signal: new AbortController().signal };
      const report = () => {};
      const listing = await stampsSet.read({ ...context, ...choices, report });
      const { items, labels, classes, part } = planSamples(stampsSet, choices, listing, report);
      const train = Int32Array.from(part.keys()).filter((row) => part[row] === 0);
      const texts = items.map(({ cells }) => (cells.words as { text: string }).text);
      const settings = stampsSet.forms("fr").words.settings as WordsSettings;
      const limits = { precision: 0.8, coverage: 0.3 };
      const leaks = (removed: readonly string[]) => {
        const bag = wordsForm.encode(texts, train, { ...settings, removed }, STAMPS);
        const data = { name: "", size: items.length, classes, labels, ids: [] };
        const seen = subset({ ...data, modalities: { words: bag } }, train);
        return findLeakingWords(seen.modalities.words as BagData, seen.labels, limits).map(
          ({ word, label }) => `${word}: ${classes[label]}`,
        );
      };
      expect(leaks(settings.removed)).toEqual([]);
      // Without the list there are some.
      expect(leaks([])).not.toEqual([]);
    },
  );
});

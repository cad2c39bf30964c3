import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digits } from "../../../src/node/datasets/digits.ts";
import { tone, wavFile } from "../../support/files.ts";
import { captureCli } from "../../support/run-cli.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The real recordings, beside the checkout or where the variable says. */
const RECORDINGS = process.env.ALTERMODAL_FSDD ?? "../shared/data/fsdd";

/** Tones for voices: every digit, two speakers that are held out and one that is not. */
async function makeRecordings(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "recordings"));
  for (let digit = 0; digit < 10; digit++) {
    for (const speaker of ["jackson", "theo", "yweweler"]) {
      for (const take of [0, 7, 12]) {
        const samples = tone(200 + 150 * digit, 0.1);
        const path = join(folder, "recordings", `${digit}_${speaker}_${take}.wav`);
        await writeFile(path, wavFile(samples));
      }
    }
  }
  await writeFile(join(folder, "recordings", "nobody.wav"), wavFile([0]));
  return folder;
}

describe("digits", () => {
  it("splits by take, or by speaker, and says what it could not use", async () => {
    const options = { from: await makeRecordings(), cacheDir: await temporaryFolder(), workers: 0 };
    const takes = await digits.prepare(options);
    expect(takes.counts.test).toEqual(new Array(10).fill(3));
    expect(takes.problems.first).toEqual([
      { where: "nobody.wav", message: expect.stringContaining("DIGIT_SPEAKER_TAKE.wav") },
    ]);
    const { train } = await digits.load(options);
    expect(train.ids.every((id) => id.endsWith("_12"))).toBe(true);
    expect(train.modalities.image.kind === "dense" && train.modalities.image.shape).toEqual([
      28, 28, 1,
    ]);
    const speaker = await digits.prepare({ ...options, variant: "speaker" });
    expect(speaker.name).toBe("digits-speaker");
    expect(speaker.tornGroups).toBe(0);
    const { code, out } = await captureCli(
      ...["train", "--data", "digits-speaker", "--cache", options.cacheDir],
      ...["--epochs", "1", "--runs", await temporaryFolder()],
    );
    expect([code, out]).toEqual([0, expect.stringContaining("digits-speaker-mla")]);
  });

  it("refuses a folder without recordings", async () => {
    const options = {
      from: await temporaryFolder(),
      cacheDir: await temporaryFolder(),
      workers: 0,
    };
    await expect(digits.prepare(options)).rejects.toThrow("expected DIGIT_SPEAKER_TAKE.wav in");
    await expect(digits.prepare({ ...options, from: "no/such" })).rejects.toThrow("got ENOENT");
  });

  it.skipIf(!existsSync(RECORDINGS))(
    "reads the real recordings (skipped where the Free Spoken Digit Dataset is not at hand)",
    async () => {
      const cacheDir = await temporaryFolder();
      const manifest = await digits.prepare({ from: RECORDINGS, cacheDir, limit: 60, workers: 0 });
      expect(manifest.problems.count).toBe(0);
      expect(manifest.counts).toEqual({
        train: new Array(10).fill(2),
        validation: new Array(10).fill(2),
        test: new Array(10).fill(2),
      });
    },
  );
});

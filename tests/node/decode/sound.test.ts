import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePicture, decodeSound, decodeWav } from "../../../src/node/decode/index.ts";
import { plainPng, tone, wavFile } from "../../support/files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const leftovers = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("altermodal-sound-"));

describe("altermodal/decode in Node", () => {
  it("takes a Blob, an ArrayBuffer or bytes", async () => {
    const png = new Uint8Array(plainPng(2, 1, [7]));
    for (const source of [png, png.buffer, new Blob([png])]) {
      expect([...(await decodePicture(source)).data]).toEqual([7, 7, 7, 7, 7, 7]);
    }
  });

  it("reads a WAV at its own rate without ffmpeg", async () => {
    const bytes = wavFile(tone(440, 0.1));
    expect(await decodeSound(bytes, 8000)).toEqual(await decodeWav(bytes));
  });

  it.skipIf(!hasFfmpeg)("reads other sounds by ffmpeg (skipped without it)", async () => {
    const path = join(await temporaryFolder(), "a.ogg");
    const made = ["-v", "error", "-f", "lavfi", "-i", "sine=400:d=1:r=16000", path];
    expect(spawnSync("ffmpeg", made).status).toBe(0);
    const before = leftovers();
    const sound = await decodeSound(readFileSync(path), 16000);
    expect(sound.sampleRate).toBe(16000);
    expect(Math.abs(sound.samples.length - 16000)).toBeLessThan(200);
    await expect(decodeSound(Buffer.from("no sound"), 16000, "b.ogg")).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_DATA_FORMAT",
        message: expect.stringMatching(/^b\.ogg: Cannot decode the file(?!.*altermodal-sound)/),
      }),
    );
    expect(leftovers()).toEqual(before);
  });
});

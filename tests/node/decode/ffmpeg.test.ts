import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFeatures } from "../../../src/features/index.ts";
import { decodeSoundFile } from "../../../src/node/decode/ffmpeg.ts";
import { film, filmForm } from "../../../src/node/prepare/forms/film.ts";
import { readSamples } from "../../../src/node/prepare/forms/read-samples.ts";
import { tone, wavFile } from "../../support/files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

describe("decodeSoundFile()", () => {
  it("gives up a file that takes too long", async () => {
    const program = join(await temporaryFolder(), "slow");
    await writeFile(program, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    await expect(decodeSoundFile("a.ogg", 8000, { program, timeoutMs: 50 })).rejects.toThrow(
      "a.ogg: Cannot decode the file: expected a file that ffmpeg reads, got no end after 0.05 s",
    );
  });
});

describe("readSamples()", () => {
  const read = async (bytes: Uint8Array) => {
    const tools = {
      features: await createFeatures(),
      ffmpeg: { program: "no-such-program" },
      read: async () => bytes,
      note: async () => {},
    };
    return readSamples("sound", { file: "a.wav" }, 16000, tools);
  };

  it("resamples WAV without ffmpeg", async () => {
    const samples = await read(wavFile(tone(400, 0.5)));
    expect(samples.length).toBe(8000);
    const expected = tone(400, 0.5, 16000);
    for (let i = 1000; i < 7000; i++) {
      expect(Math.abs((samples[i] as number) - (expected[i] as number))).toBeLessThan(0.01);
    }
  });

  it("refuses a WAV whose rate would ask for more samples than fit", async () => {
    await expect(read(wavFile(new Array(30_000).fill(0.1), { rate: 1 }))).rejects.toThrow(
      "a.wav: Cannot decode the file: expected at most 345600000 samples at 16000 Hz, got 480000000",
    );
  });
});

describe.skipIf(!hasFfmpeg)("film form (skipped without ffmpeg)", () => {
  it("keeps pictures from the beginning, a third and two thirds", async () => {
    const path = join(await temporaryFolder(), "film.avi");
    const colours = ["red", "green", "blue"].flatMap((colour) => {
      return ["-f", "lavfi", "-i", `color=${colour}:size=32x32:rate=4:duration=1`];
    });
    const joined = ["-filter_complex", "concat=n=3", "-c:v", "ffv1", path];
    expect(spawnSync("ffmpeg", ["-v", "error", ...colours, ...joined]).status).toBe(0);
    const noted: string[] = [];
    const tools = {
      features: await createFeatures(),
      ffmpeg: {},
      read: async () => new Uint8Array(0),
      note: async (file: string) => void noted.push(file),
    };
    const { settings } = film({ side: 2 });
    const values = await filmForm.read({ file: path }, settings as never, tools);
    expect(noted).toEqual([path]);
    const [red, green, blue] = [0, 1, 2].map((i) => [...values.subarray(12 * i, 12 * i + 3)]);
    expect(red?.map((v) => v > 100)).toEqual([true, false, false]);
    expect(green?.map((v) => v > 100)).toEqual([false, true, false]);
    expect(blue?.map((v) => v > 100)).toEqual([false, false, true]);
  });
});

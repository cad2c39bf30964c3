import { describe, expect, it } from "vitest";
import { OutOfMemoryError } from "../../src/engine/errors.ts";
import { FEATURES_SCALAR_WASM } from "../../src/engine/wasm/features-scalar.ts";
import * as library from "../../src/features/index.ts";
import { Random } from "../../src/random.ts";
import { FEATURES_HASH, featuresJob } from "../browser/features-job.mjs";

describe("all features on seeded inputs", () => {
  it("give the known bits on this machine, in both builds", async () => {
    expect(await featuresJob(library, Random, undefined)).toBe(FEATURES_HASH);
    expect(await featuresJob(library, Random, FEATURES_SCALAR_WASM)).toBe(FEATURES_HASH);
  });
});

describe("createFeatures", () => {
  it("says when memory does not suffice, and goes on", async () => {
    const features = await library.createFeatures();
    features.begin();
    expect(() => features.room(2 ** 33)).toThrow(OutOfMemoryError);
    features.room(2 ** 21);
    expect(() => features.room(0xfff00000)).toThrow("out of memory");
    const waveform = new Float32Array(400);
    expect(library.logFilterbank(features, waveform, { sampleRate: 16000 }).shape).toEqual([1, 23]);
  });

  it("refuses what is not this library's module", async () => {
    await expect(library.createFeatures({ wasm: new Uint8Array(8) })).rejects.toThrow(
      "Cannot compile the core: expected WASM bytes",
    );
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await expect(library.createFeatures({ wasm: empty })).rejects.toThrow("expected version");
  });
});

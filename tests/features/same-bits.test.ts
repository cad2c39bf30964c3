import { describe, expect, it } from "vitest";
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
  it("refuses what is not this library's module", async () => {
    await expect(library.createFeatures({ wasm: new Uint8Array(8) })).rejects.toThrow(
      "Cannot compile the core: expected WASM bytes",
    );
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await expect(library.createFeatures({ wasm: empty })).rejects.toThrow("expected version");
  });
});

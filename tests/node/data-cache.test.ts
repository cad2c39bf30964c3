import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataManifest } from "../../src/data/source.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import { readCache, writeCache } from "../../src/node/data-cache.ts";
import { sha256 } from "../../src/node/hash.ts";

const BYTES = encodeSafetensors({ labels: { shape: [2], data: Int32Array.of(0, 1) } });
const MANIFEST: DataManifest = {
  name: "tiny",
  variant: "",
  dataHash: sha256(BYTES),
  preprocessingHash: "settings",
  classes: ["a", "b"],
  modalities: {},
  counts: { train: [1, 1], validation: [0, 0], test: [0, 0] },
  attribution: [],
  versions: {},
};

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "cache-"));
  await writeCache(cacheDir, MANIFEST, BYTES);
});
afterEach(() => rm(cacheDir, { recursive: true }));

const read = () => readCache(cacheDir, "tiny", "settings");
const dataPath = () => join(cacheDir, "tiny", "tiny.safetensors");
const manifestPath = () => join(cacheDir, "tiny", "manifest.json");

describe("readCache()", () => {
  it("gives back what was written, and nothing else lies around", async () => {
    const cached = await read();
    if (typeof cached === "string") throw new Error(cached);
    expect(cached.manifest).toEqual(MANIFEST);
    expect(cached.file.tensors.get("labels")?.data).toEqual(Int32Array.of(0, 1));
    expect((await readdir(join(cacheDir, "tiny"))).sort()).toEqual([
      "manifest.json",
      "tiny.safetensors",
    ]);
  });

  it.each([
    ["nothing there", () => rm(join(cacheDir, "tiny"), { recursive: true }), "not prepared yet"],
    ["the manifest missing", () => rm(manifestPath()), "not prepared yet"],
    ["half a manifest", () => truncate(manifestPath(), 20), "unreadable"],
    [
      "a truncated file",
      () => truncate(dataPath(), BYTES.length - 1),
      "truncated or changed since",
    ],
  ] as const)("refuses %s", async (_name, damage, reason) => {
    await damage();
    expect(await read()).toContain(reason);
  });

  it("refuses one changed byte", async () => {
    const bytes = await readFile(dataPath());
    bytes[bytes.length - 1] = 7;
    await writeFile(dataPath(), bytes);
    expect(await read()).toBe("truncated or changed since");
  });

  it("refuses data prepared with other settings", async () => {
    expect(await readCache(cacheDir, "tiny", "others")).toBe("prepared with other settings");
  });

  it("leaves the largest tensors in the file until the others fit in the memory that it may use", async () => {
    const bytes = encodeSafetensors({
      labels: { shape: [2], data: Int32Array.of(0, 1) },
      small: { shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      large: { shape: [2, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    });
    await writeCache(cacheDir, { ...MANIFEST, dataHash: sha256(bytes) }, bytes);
    for (const [memory, kept, left] of [
      [56, ["labels", "large", "small"], []],
      [55, ["labels", "small"], ["large"]],
      [24, ["labels", "small"], ["large"]],
      [23, ["labels"], ["large", "small"]],
    ] as const) {
      const cached = await readCache(cacheDir, "tiny", "settings", memory);
      if (typeof cached === "string") throw new Error(cached);
      expect([...cached.file.tensors.keys()].sort()).toEqual(kept);
      expect([...cached.streamed.keys()].sort()).toEqual(left);
      const row = new Float32Array(4);
      cached.streamed
        .get("large")?.({ mean: [1, 2], deviation: [2, 4] })
        .read(Int32Array.of(1), row);
      expect([...row]).toEqual(left.length > 0 ? [2, 1, 3, 1.5] : [0, 0, 0, 0]);
    }
  });
});

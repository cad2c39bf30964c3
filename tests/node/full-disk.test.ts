/** A disk that becomes full at any moment of preparing or training: a typed error, nothing half-written, and on from there. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { StorageError } from "../../src/engine/errors.ts";
import { folder as folderSource } from "../../src/node/datasets/folder.ts";
import { openLedger } from "../../src/node/ledger.ts";
import { plainPng } from "../support/files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runPlan, tinyPlan } from "../support/tiny-comparison.ts";

/** Bytes that still fit, but for files whose name does not match: those always fit. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, only: /./ }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const full = () =>
    Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  /** As a disk does: what fits is written, then comes the error. */
  const take = (bytes: Uint8Array) => {
    const part = bytes.subarray(0, Math.min(disk.left, bytes.length));
    disk.left -= part.length;
    return part;
  };
  return {
    ...real,
    async writeFile(path: string, content: string | Uint8Array) {
      if (!disk.only.test(path)) return real.writeFile(path, content);
      const bytes = Buffer.from(content as string);
      const part = take(bytes);
      await real.writeFile(path, part);
      if (part.length < bytes.length) throw full();
    },
    async appendFile(path: string, content: string) {
      const bytes = Buffer.from(content);
      const part = take(bytes);
      await real.appendFile(path, part);
      if (part.length < bytes.length) throw full();
    },
    async open(path: string, flags: string) {
      const handle = await real.open(path, flags);
      if (flags !== "w") return handle;
      const write = handle.write.bind(handle);
      return Object.assign(handle, {
        async write(bytes: Uint8Array, from: number, length: number, position: number) {
          const part = take(bytes.subarray(from, from + length));
          if (part.length === 0) throw full();
          return write(part, 0, part.length, position);
        },
      });
    },
  };
});

const free = () => Object.assign(disk, { left: Number.POSITIVE_INFINITY, only: /./ });
beforeEach(free);

/** All files of a folder that are there, drafts included. */
const filesIn = (folder: string) => readdir(folder, { recursive: true });

describe("prepare on a disk that becomes full", () => {
  const makeFolder = async () => {
    const from = await temporaryFolder();
    for (const [c, label] of ["dark", "lit"].entries()) {
      await mkdir(join(from, label));
      for (let i = 0; i < 25; i++) {
        const grey = 200 * c + i;
        await writeFile(join(from, label, `${i}.png`), plainPng(6, 6, [grey, grey, 90]));
      }
    }
    return from;
  };

  it("says so, takes nothing for whole, and goes on to the same bytes", async () => {
    const from = await makeFolder();
    const cacheDir = await temporaryFolder();
    const settings = { from, cacheDir, workers: 0 };
    const { dataHash } = await folderSource.prepare({ ...settings, name: "whole" });
    const size = (await readFile(join(cacheDir, "whole", "whole.safetensors"))).length;
    // In the first chunk, the second, while joining, and in the lists after it.
    for (const left of [0, 1000, size * 0.7, size * 1.5, size * 2 + 200, size * 2 + 3000]) {
      const name = `full-${Math.floor(left)}`;
      Object.assign(disk, { left: Math.floor(left) });
      const failed = folderSource.prepare({ ...settings, name });
      await expect(failed).rejects.toThrow(StorageError);
      await expect(failed).rejects.toThrow(
        `${name}: Cannot write to ${join(cacheDir, name)}: expected room on the disk, got none left; free some and run it again: it goes on from here`,
      );
      const kept = await filesIn(join(cacheDir, name));
      expect(kept).not.toContain("manifest.json");
      expect(kept.filter((path) => path.endsWith(".part"))).toEqual([]);
      free();
      expect((await folderSource.prepare({ ...settings, name })).dataHash).toBe(dataHash);
    }
  });

  it("throws away what a process that was killed had begun to write", async () => {
    const from = await makeFolder();
    const cacheDir = await temporaryFolder();
    const target = join(cacheDir, "killed");
    await mkdir(join(target, "parts"), { recursive: true });
    await writeFile(join(target, "killed.safetensors.1234.part"), "half");
    await writeFile(join(target, "parts", "0-1234.safetensors.1234.part"), "half");
    await folderSource.prepare({ from, cacheDir, workers: 0, name: "killed" });
    expect((await filesIn(target)).sort()).toEqual([
      "files.jsonl",
      "killed.safetensors",
      "manifest.json",
      "problems.jsonl",
    ]);
  });
});

describe("a training on a disk that becomes full", () => {
  it.each([
    ["the second checkpoint", /mla-0.checkpoint/, 1.5],
    ["the model", /mla-0.model/, 0.5],
  ])(
    "fails at %s, keeps the earlier one, and goes on to the same bits",
    async (_at, only, share) => {
      const folder = await temporaryFolder();
      const whole = await runPlan(tinyPlan(join(folder, "whole")));
      const cell = (part: string) => join(folder, part, "run", "cells", "mla-0");
      const { length } = await readFile(join(cell("whole"), "checkpoint.safetensors"));
      Object.assign(disk, { only, left: Math.floor(length * share * (share < 1 ? 0.1 : 1)) });
      const failed = runPlan(tinyPlan(join(folder, "full")));
      await expect(failed).rejects.toThrow(StorageError);
      await expect(failed).rejects.toThrow(
        /mla-0.*: Cannot save the file: expected room on the disk, got none left; free some/,
      );
      const kept = await filesIn(cell("full"));
      expect(kept.filter((path) => path.endsWith(".part"))).toEqual([]);
      expect(kept).toContain("checkpoint.safetensors");
      expect(kept).not.toContain("cell.json");
      free();
      const resumed = await runPlan(tinyPlan(join(folder, "full"), { resume: true }));
      const epochs = resumed.events.filter(({ type }) => type === "epoch");
      expect(epochs.length).toBeLessThan(3);
      expect(resumed.record.cells[0]?.weightsHash).toBe(whole.record.cells[0]?.weightsHash);
    },
  );
});

describe("the ledger of test openings on a full disk", () => {
  it.each([0, 20])("keeps no part of an entry when %i bytes still fit", async (left) => {
    const path = join(await temporaryFolder(), "ledger.jsonl");
    const ledger = openLedger(path);
    const opening = { dataHash: "abc", command: "evaluate", run: "one" };
    await ledger.record(opening);
    disk.left = left;
    await expect(ledger.record(opening)).rejects.toThrow(StorageError);
    free();
    expect(await ledger.count("abc")).toBe(1);
    await ledger.record(opening);
    expect(await ledger.count("abc")).toBe(2);
  });
});

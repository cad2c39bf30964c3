import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLedger } from "../../src/data/test-ledger.ts";
import { DataFormatError } from "../../src/engine/errors.ts";
import { openLedger } from "../../src/node/ledger.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledger-"));
});
afterEach(() => rm(folder, { recursive: true }));

const opening = (dataHash: string) => ({ dataHash, command: "altermodal compare", run: "one" });

describe("openLedger()", () => {
  it("counts openings per data, over all who open the file", async () => {
    const path = join(folder, "deep", "ledger.jsonl");
    expect(await openLedger(path).count("a")).toBe(0);
    const entry = await openLedger(path).record(opening("a"));
    expect(entry).toMatchObject(opening("a"));
    expect(new Date(entry.time).toISOString()).toBe(entry.time);
    await openLedger(path).record(opening("b"));
    await openLedger(path).record(opening("a"));
    expect(await openLedger(path).count("a")).toBe(2);
    expect(await openLedger(path).count("b")).toBe(1);
  });

  it("only appends", async () => {
    const path = join(folder, "ledger.jsonl");
    await openLedger(path).record(opening("a"));
    const before = await readFile(path, "utf8");
    await openLedger(path).record(opening("a"));
    expect((await readFile(path, "utf8")).startsWith(before)).toBe(true);
  });

  it("keeps the entries of writers at the same time whole", async () => {
    const path = join(folder, "ledger.jsonl");
    await Promise.all(Array.from({ length: 50 }, () => openLedger(path).record(opening("a"))));
    expect(await openLedger(path).count("a")).toBe(50);
  });

  it("refuses to count a damaged file rather than to forget openings", async () => {
    const path = join(folder, "ledger.jsonl");
    await openLedger(path).record(opening("a"));
    await writeFile(path, `${(await readFile(path, "utf8")).slice(0, 30)}\n`);
    await expect(openLedger(path).count("a")).rejects.toThrow(DataFormatError);
    await expect(openLedger(path).count("a")).rejects.toThrow(/ledger\.jsonl:1: Cannot count/);
  });
});

describe("createMemoryLedger()", () => {
  it("counts openings per data", async () => {
    const ledger = createMemoryLedger();
    await ledger.record(opening("a"));
    expect([await ledger.count("a"), await ledger.count("b")]).toEqual([1, 0]);
  });
});

/** The ledger of test openings as a file that is only ever appended to. */
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestLedger, TestOpening } from "../data/test-ledger.ts";
import { DataFormatError } from "../engine/errors.ts";
import { DEFAULT_CACHE_DIR } from "./data-cache.ts";
import { appendLine } from "./write-whole.ts";

/** The usual place: beside the prepared data, so that deleting runs does not forget what was seen. */
export const DEFAULT_LEDGER = join(DEFAULT_CACHE_DIR, "ledger.jsonl");

/**
 * Opens a ledger; the file appears with its first entry. Each entry is one line of JSON, appended by one
 * write in append mode, so that several processes do not tear each other's lines.
 *
 * @param path - a JSONL file
 * @throws {DataFormatError} on counting, if a line is no entry
 * @throws {StorageError} on recording, if the disk is full
 */
export function openLedger(path: string = DEFAULT_LEDGER): TestLedger {
  return {
    async record({ dataHash, command, run }) {
      const entry: TestOpening = { time: new Date().toISOString(), dataHash, command, run };
      await mkdir(dirname(path), { recursive: true });
      await appendLine(path, JSON.stringify(entry));
      return entry;
    },
    async count(dataHash) {
      const entries = await readEntries(path);
      return entries.filter((entry) => entry.dataHash === dataHash).length;
    },
  };
}

async function readEntries(path: string): Promise<TestOpening[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, i) => parseEntry(line, `${path}:${i + 1}`));
}

function parseEntry(line: string, where: string): TestOpening {
  try {
    const entry = JSON.parse(line) as TestOpening;
    if (typeof entry.dataHash === "string") return entry;
  } catch {
    // Falls through to the one message for both cases.
  }
  throw new DataFormatError(
    `${where}: Cannot count the openings: expected a JSON object with "dataHash", got ${line.slice(0, 80)}`,
  );
}

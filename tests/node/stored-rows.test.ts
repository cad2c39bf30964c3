import { readFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { normaliseChannels } from "../../src/data/normalise.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import { storedRows } from "../../src/node/stored-rows.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FLOATS = Float32Array.from({ length: 30 }, (_, i) => i / 7);
const BYTES = Uint8Array.from({ length: 24 }, (_, i) => 10 * i);
const NORM = { mean: [0.4, 0.5], deviation: [0.2, 0.3] };

async function createFile(): Promise<string> {
  const path = join(await temporaryFolder(), "big.safetensors");
  const tensors = {
    bytes: { shape: [4, 3, 2], data: BYTES },
    floats: { shape: [6, 5], data: FLOATS },
  };
  await writeFile(path, encodeSafetensors(tensors));
  return path;
}

it("reads rows in any order, at once and ahead, floats and normalised bytes", async () => {
  const path = await createFile();
  for (const [name, norm, all, length] of [
    ["floats", undefined, FLOATS, 5],
    ["bytes", NORM, normaliseChannels(BYTES, NORM), 6],
  ] as const) {
    const source = await storedRows(path, name, norm);
    const want = [3, 0, 3].flatMap((row) => [...all.subarray(row * length, (row + 1) * length)]);
    const [now, later] = [new Float32Array(3 * length), new Float32Array(3 * length)];
    source.read(Int32Array.of(3, 0, 3), now);
    await source.readAhead?.(Int32Array.of(3, 0, 3), later);
    expect([[...now], [...later]]).toEqual([want, want]);
    expect(source.size).toBe(name === "bytes" ? 4 : 6);
  }
});

it("names file and row when the file was cut short, and the tensor that is missing", async () => {
  const path = await createFile();
  await expect(storedRows(path, "none")).rejects.toThrow('expected a tensor "none", got none');
  const source = await storedRows(path, "floats");
  await truncate(path, 200);
  const rows = Int32Array.of(5);
  const message = `${path}: Cannot read row 5 of "floats": expected 20 bytes, got`;
  expect(() => source.read(rows, new Float32Array(5))).toThrow(message);
  await expect(source.readAhead?.(rows, new Float32Array(5))).rejects.toThrow(message);
});

it("refuses to mix a file with one that took its place", async () => {
  const path = await createFile();
  const source = await storedRows(path, "floats");
  const into = new Float32Array(5);
  source.read(Int32Array.of(1), into);
  await writeFile(`${path}.new`, await readFile(path));
  await rename(`${path}.new`, path);
  const message = `${path}: Cannot go on reading: expected the file as it was opened`;
  expect(() => source.read(Int32Array.of(1), into)).toThrow(message);
  await expect(source.readAhead?.(Int32Array.of(1), into)).rejects.toThrow(message);
});

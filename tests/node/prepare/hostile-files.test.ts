/** Files that are empty, not what their names say, or claim more than they are: each is told, none stops the others. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folder } from "../../../src/node/datasets/folder.ts";
import {
  claimJpegSize,
  claimPngSize,
  plainPng,
  RED_JPEG,
  tone,
  wavFile,
} from "../../support/files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Content of the cells of one row, by modality: the rest of the row is in order. */
const HOSTILE: readonly (readonly [
  modality: "photo" | "clip" | "note" | "row",
  name: string,
  content: Uint8Array | string,
  message: string,
])[] = [
  ["photo", "empty.png", "", "got an empty file"],
  ["clip", "empty.wav", "", "got an empty file"],
  ["row", "empty.npy", "", "an empty file"],
  ["photo", "page.jpg", "<!doctype html>", "expected a PNG, JPEG or WebP picture, got another"],
  ["photo", "sound.png", wavFile([0, 0.5]), "picture, got a wav file"],
  ["row", "picture.npy", plainPng(2, 2, [1]), "a png file"],
  ["photo", "vast.png", claimPngSize(100_000, 100_000), "pixels, got 100000 x 100000"],
  ["photo", "vast.jpg", claimJpegSize(60_000, 60_000), "pixels, got 60000 x 60000"],
  ["clip", "lying.wav", lyingWav(), 'in chunk "data", got 4294967280'],
  ["clip", "slow.wav", wavFile([...new Array(30_000).fill(0.1)], { rate: 1 }), "samples at 16000"],
  ["row", "vast.npy", vastNpy(), "bytes of values, got 4000000000000 claimed"],
  ["note", "vast.txt", "word ".repeat(2_000_001), "at most 10000000 bytes, got 10000005"],
  ["note", "bytes.txt", Buffer.of(0xc3, 0x28), "expected UTF-8"],
];

function lyingWav(): Uint8Array {
  const file = Buffer.from(wavFile([0, 0.5]));
  file.writeUInt32LE(0xfffffff0, 40);
  return file;
}

function vastNpy(): Uint8Array {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }";
  return Buffer.from(`\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`, "latin1");
}

function npy(values: readonly number[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`, "latin1");
  return Buffer.concat([head, Buffer.from(Float32Array.from(values).buffer)]);
}

it("hostile files are told by name, leave their cell empty, and stop nothing else", async () => {
  const root = await temporaryFolder();
  const from = join(root, "data");
  await mkdir(from);
  await writeFile(join(from, "good.png"), plainPng(8, 8, [9, 9, 9]));
  // A JPEG by another name is read for what it is.
  await writeFile(join(from, "other.png"), RED_JPEG);
  await writeFile(join(from, "good.wav"), wavFile(tone(300, 0.05, 16000), { rate: 16000 }));
  await writeFile(join(from, "good.npy"), npy([1, 2]));
  await writeFile(join(from, "good.txt"), "a word");
  await writeFile(join(root, "secret.png"), plainPng(8, 8, [1, 2, 3]));
  const good = { photo: "good.png", clip: "good.wav", note: "good.txt", row: "good.npy" };
  const line = (id: string, label: string, cells: Partial<typeof good>) =>
    [id, label, ...Object.values({ ...good, ...cells })].join(",");
  const lines = ["id,label,photo,clip,note,row"];
  for (let i = 0; i < 12; i++) lines.push(line(`good${i}`, i % 2 ? "on" : "off", {}));
  lines.push(line("renamed", "on", { photo: "other.png" }));
  for (const [modality, name, content] of HOSTILE) {
    await writeFile(join(from, name), content);
    lines.push(line(name, "on", { [modality]: name }));
  }
  lines.push(line("up", "on", { photo: "../secret.png" }));
  lines.push(line("absolute", "on", { photo: join(root, "secret.png") }));
  await writeFile(join(from, "list.csv"), lines.join("\n"));
  const cacheDir = join(root, "cache");
  const manifest = await folder.prepare({ from, cacheDir, workers: 0, name: "hostile" });

  const said = manifest.problems.first.map(({ where, message }) => `${where}: ${message}`);
  for (const [, name, , message] of HOSTILE) {
    expect(said).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
    expect(said.find((text) => text.startsWith(`${name}: `))).toContain(message);
  }
  expect(said).toContainEqual(
    expect.stringContaining('expected a path inside the folder, got "../secret.png"'),
  );
  expect(said).toContainEqual(expect.stringMatching(/expected a path inside the folder, got "\//));
  expect(manifest.problems.count).toBe(HOSTILE.length + 2);
  expect(manifest.missing).toEqual({ photo: 5, clip: 3, note: 2, row: 3 });
  const counts = Object.values(manifest.counts).flat();
  expect(counts.reduce((sum, count) => sum + count)).toBe(13 + HOSTILE.length);
});

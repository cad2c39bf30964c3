import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeSafetensors } from "../../../src/io/safetensors.ts";
import { folder } from "../../../src/node/datasets/folder.ts";
import { loadData } from "../../../src/node/load-data.ts";
import { plainPng, tone, wavFile } from "../../support/files.ts";
import { captureCli } from "../../support/run-cli.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function npy(values: readonly number[], shape: string): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1");
  return Buffer.concat([head, Buffer.from(Float32Array.from(values).buffer)]);
}

const CLASSES = ["on", "off"];

/** A list with a picture, a sound, a text and vectors of three kinds, ended by rows that are wrong. */
async function makeList(): Promise<string> {
  const root = await temporaryFolder();
  const from = join(root, "my data");
  await mkdir(from);
  const rows = ["id,label,group,photo,clip,note,list,row,named"];
  const count = 24;
  const table: number[] = [];
  for (let i = 0; i < count; i++) {
    await writeFile(join(from, `${i}.png`), plainPng(8, 8, [i % 2 ? 200 : 20, 0, 0]));
    await writeFile(join(from, `${i}.wav`), wavFile(tone(300, 0.05, 16000), { rate: 16000 }));
    table.push(i, i % 2, 1);
    const clip = i === 3 ? "" : `${i}.wav`;
    rows.push(
      `s${i},${CLASSES[i % 2]},g${i >> 1},${i}.png,${clip},"über, ${CLASSES[i % 2]}",${i} 0.5,t.npy#${i},v.safetensors#v`,
    );
  }
  await writeFile(join(from, "t.npy"), npy(table, `${count}, 3`));
  const v = { shape: [4], data: Float32Array.of(1, 2, 3, 4) };
  await writeFile(join(from, "v.safetensors"), encodeSafetensors({ v, w: v }));
  rows.push("bad1,,g,0.png,,a,,,", "bad2,on,g,../../secret.png,,a,,,", "too,few");
  rows.push("s0,on,g,0.png,,again,,,", "gone,on,g,gone.png,,a,1 2,t.npy#99,");
  await writeFile(join(from, "list.csv"), `\ufeff${rows.join("\r\n")}\r\n`);
  return from;
}

describe("folder", () => {
  it("reads a list of every kind of modality, reports bad rows by line, and trains on it", async () => {
    const cacheDir = await temporaryFolder();
    const manifest = await folder.prepare({ from: await makeList(), cacheDir, workers: 0 });
    expect(manifest.name).toBe("my-data");
    expect(manifest.modalities).toEqual({
      photo: "64 x 64 x 3 bytes",
      clip: expect.stringContaining("log mel spectrogram"),
      note: expect.stringMatching(/^bag of \d words$/),
      list: "2 numbers",
      row: "3 numbers",
      named: "4 numbers",
    });
    expect(manifest.missing).toEqual({ photo: 1, clip: 2, note: 0, list: 0, row: 1, named: 1 });
    expect(manifest.problems.first).toEqual([
      { where: "list.csv:28", message: "expected 9 cells, got 2" },
      { where: "list.csv:26", message: 'expected a "label", got none' },
      {
        where: "list.csv:27",
        message: 'expected a path inside the folder, got "../../secret.png"',
      },
      { where: "list.csv:29", message: expect.stringContaining("a second sample") },
      { where: "gone.png", message: "no such file" },
      { where: "t.npy", message: expect.stringContaining("a row from 0 to 23, got 99") },
    ]);
    const { train } = await loadData("my-data", { cacheDir });
    expect(train.modalities.note?.kind === "bag" && train.modalities.note.words).toContain("über");
    const { code, err } = await captureCli(
      ...["train", "--data", join(cacheDir, "my-data"), "--cache", cacheDir, "--epochs", "1"],
      ...["--runs", await temporaryFolder(), "--name", "mine"],
    );
    expect([code, err]).toEqual([0, expect.stringContaining("epoch 1")]);
  });

  it("reads a folder per class, within parts if there are such", async () => {
    const from = await temporaryFolder();
    for (const part of ["train", "val", "test"]) {
      for (const label of CLASSES) {
        await mkdir(join(from, part, label), { recursive: true });
        for (let i = 0; i < 3; i++) {
          await writeFile(join(from, part, label, `${i}.txt`), `it is ${label}`);
          await writeFile(join(from, part, label, `${i}.png`), plainPng(2, 2, [i, 0, 0]));
        }
        await writeFile(join(from, part, label, "what.xyz"), "");
      }
    }
    const options = { from, cacheDir: await temporaryFolder(), workers: 0, name: "parts" };
    const manifest = await folder.prepare({ ...options, split: "authors" });
    expect(manifest.classes).toEqual(["off", "on"]);
    expect(manifest.counts).toEqual({ train: [3, 3], validation: [3, 3], test: [3, 3] });
    expect(Object.keys(manifest.modalities).sort()).toEqual(["image", "text"]);
    expect(manifest.problems.count).toBe(6);
  });

  it.each([
    ["nothing", {}, "expected a CSV or JSONL list, or a folder per class"],
    ["two lists", { "a.csv": "label,x\n", "b.jsonl": "" }, "expected one CSV or JSONL file"],
    [
      "a list without labels",
      { "a.csv": "name,x\na,b\n" },
      'expected each column once, and "label"',
    ],
    [
      "cells of several kinds",
      { "a.jsonl": '{"label":"a","x":"word"}\n{"label":"b","x":[1,2]}' },
      "cells of one kind, got text, vector",
    ],
    ["bytes that are no text", { "a.csv": Buffer.of(0xff, 0xfe, 0x00) }, "expected UTF-8"],
  ])("refuses %s", async (_name, files, message) => {
    const from = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await writeFile(join(from, name), content);
    const options = { from, cacheDir: await temporaryFolder(), workers: 0 };
    await expect(folder.prepare(options)).rejects.toThrow(message);
  });
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plainPng } from "../support/files.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("takes a user's folder from preparing to diagnosis, training and prediction", async () => {
  const [root, cache, runs] = [
    await temporaryFolder(),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  const from = join(root, "lamps");
  for (const [c, label] of ["dark", "lit"].entries()) {
    await mkdir(join(from, label), { recursive: true });
    for (let i = 0; i < 20; i++) {
      await writeFile(join(from, label, `${i}.png`), plainPng(4, 4, [220 * c + i, 9, 9]));
      await writeFile(join(from, label, `${i}.txt`), `a ${label} lamp`);
    }
  }
  const cli = async (...argv: string[]) => {
    const { code, out, err } = await captureCli(...argv, "--cache", cache);
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    return out;
  };
  const table = await cli("prepare", "folder", "--from", from, "--workers", "0");
  expect(table).toMatch(/total +32 +4 +4/);
  const taken = ["prepare", "folder", "--from", from, "--name", "emoji", "--cache", cache];
  expect((await captureCli(...taken)).err).toContain("and not the name of a set; choose another");
  const short = ["--data", "lamps", "--epochs", "1", "--runs", runs];
  const diagnosis = await cli("diagnose", ...short, "--seeds", "1", "--workers", "0");
  expect(diagnosis).toMatch(/^image /m);
  expect(diagnosis).toMatch(/^text /m);
  await cli("train", ...short, "--name", "mine");
  const cell = join(runs, "mine", "cells", "mla-0");
  const said = await cli("predict", "--run", cell, "--sample", "lit/3", "--json");
  expect(JSON.parse(said)).toMatchObject({
    truth: "lit",
    label: expect.stringMatching(/dark|lit/),
  });
}, 60_000);

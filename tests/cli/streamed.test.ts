import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { plainPng, tone, wavFile } from "../support/files.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const COUNT = 20;
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const execute = promisify(execFile);

/** Pictures (bytes), sounds (half precision), vectors (single precision) and words of two classes, with a gap. */
async function makeFolder(): Promise<string> {
  const from = join(await temporaryFolder(), "lamps");
  for (const [c, label] of ["dark", "lit"].entries()) {
    await mkdir(join(from, label), { recursive: true });
    for (let i = 0; i < COUNT; i++) {
      const at = (extension: string) => join(from, label, `${i}.${extension}`);
      await writeFile(at("png"), plainPng(4, 4, [220 * c + i, 9, 3 * i]));
      if (i !== 7) await writeFile(at("wav"), wavFile(tone(300 + 900 * c + 10 * i, 0.1)));
      await writeFile(at("txt"), `a ${label} lamp`);
      await writeFile(at("csv"), [i, 0.25 * c, 7 - i].join(","));
    }
  }
  return from;
}

it("trains, judges and predicts to the same bits from the disk as from memory", async () => {
  const [cache, runs] = [await temporaryFolder(), await temporaryFolder()];
  const cli = async (...argv: string[]) => {
    const { code, out, err } = await captureCli(...argv, "--cache", cache);
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    return out;
  };
  await cli("prepare", "folder", "--from", await makeFolder(), "--workers", "0");
  const told = await Promise.all(
    [["--ram", "0"], []].map(async (memory, k) => {
      const name = `run${k}`;
      await cli(
        "train",
        "--data",
        "lamps",
        "--epochs",
        "2",
        "--runs",
        runs,
        "--name",
        name,
        ...memory,
      );
      const cell = join(runs, name, "cells", "mla-0");
      const record = JSON.parse(await readFile(join(cell, "cell.json"), "utf8"));
      const predicted = await cli(
        "predict",
        "--run",
        cell,
        "--sample",
        "lit/3",
        "--json",
        ...memory,
      );
      const judged = await cli("evaluate", "--run", cell, "--part", "train", "--json", ...memory);
      return { hash: record.weightsHash, predicted, judged };
    }),
  );
  expect(told[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(told[0]).toEqual(told[1]);
  // As built: batches are prepared by a thread.
  const argv = ["train", "--data", "lamps", "--epochs", "2", "--runs", runs, "--name", "built"];
  await execute(process.execPath, [MAIN, ...argv, "--cache", cache, "--ram", "0"]);
  const built = await readFile(join(runs, "built", "cells", "mla-0", "cell.json"), "utf8");
  expect(JSON.parse(built).weightsHash).toBe(told[0]?.hash);
}, 60_000);

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METHODS } from "../../src/methods/registry.ts";
import { captureCli } from "../support/run-cli.ts";

/** Lines of a list with two modalities of numbers; `cell` may empty a cell, or leave a line out by null. */
function listOf(
  cell: (row: { split: string; label: string; m: "a" | "b" }) => "" | null | undefined,
) {
  const lines = ["label,split,a,b"];
  for (const split of ["train", "validation", "test"]) {
    for (const [c, label] of ["dark", "lit"].entries()) {
      for (let i = 0; i < 10; i++) {
        const own = { a: `${c + i / 100};${i}`, b: `${-c};${i};1` };
        const cells = (["a", "b"] as const).map((m) => {
          const said = cell({ split, label, m });
          return said === undefined ? own[m] : said;
        });
        if (!cells.includes(null)) lines.push([label, split, ...cells].join(","));
      }
    }
  }
  return lines.join("\n");
}

const LISTS = {
  plain: listOf(() => undefined),
  untrained: listOf(({ split, m }) => (split === "train" && m === "b" ? "" : undefined)),
  unvalidated: listOf(({ split, label }) =>
    split === "validation" && label === "lit" ? null : undefined,
  ),
  untested: listOf(({ split, m }) => (split === "test" && m === "b" ? "" : undefined)),
  single: listOf(() => undefined).replaceAll(/,[^,\n]*$/gm, ""),
  empty: `${listOf(() => undefined)}\nlit,train,,`,
};

const root = await mkdtemp(join(tmpdir(), "altermodal-"));
const [cache, runs] = [join(root, "cache"), join(root, "runs")];
afterAll(() => rm(root, { recursive: true, force: true }));

beforeAll(async () => {
  for (const [name, list] of Object.entries(LISTS)) {
    const from = join(root, name);
    await mkdir(from);
    await writeFile(join(from, "list.csv"), list);
    const argv = ["--from", from, "--name", name, "--split", "authors", "--workers", "0"];
    const { code, err } = await captureCli("prepare", "folder", ...argv, "--cache", cache);
    expect([name, code, code === 0 ? "" : err]).toEqual([name, 0, ""]);
  }
}, 30_000);

const SHORT = ["--epochs", "5", "--seeds", "1", "--workers", "0"];

/** A command that trains, on data of the cache. */
function cli(command: string, ...argv: string[]) {
  const inCache = [...argv, "--cache", cache];
  return captureCli(
    ...command.split(" "),
    ...inCache,
    ...(command === "drift" ? [] : ["--runs", runs]),
  );
}

/** Nothing was said but the error, in one line, and nothing was begun. */
async function expectRefused(done: ReturnType<typeof captureCli>, code: number, message: string) {
  const before = existsSync(runs) ? await readdir(runs) : [];
  const { code: got, out, err } = await done;
  expect(err).toContain(message);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  expect([got, out]).toEqual([code, ""]);
  expect(existsSync(runs) ? await readdir(runs) : []).toEqual(before);
}

/** Commands that train, as short as they can be. */
const TRAINERS: readonly (readonly [string, readonly string[]])[] = [
  ["train", ["--epochs", "2"]],
  ["compare", SHORT],
  ["tune", [...SHORT, "--methods", "sum"]],
  ["diagnose", SHORT],
  ["reproduce q3", SHORT],
];

describe("bad input ends before anything is trained", () => {
  it.each([
    [["--methods", "mla,mlaa"], `expected one of ${names(Object.keys(METHODS))}`],
    [["--mla.alhpa", "1"], '"--mla.alpha"'],
    [
      ["--mla.alpha", "-1"],
      'option "--mla.alpha": expected a number from 1e-9 to 1000000000, got -1',
    ],
    [
      ["--mla.memory", "some"],
      'expected one of "others", "previous", "epoch", "all", "decay", got "some"',
    ],
    [["--mla.rank", "1.5"], "expected a whole number >= 0, got 1.5"],
    [["--opm.rate", "0.99"], "expected a number from 0 to 0.95, got 0.99"],
  ])("compare %j", async (argv, message) => {
    await expectRefused(cli("compare", "--data", "plain", ...argv), 2, message);
  });

  it.each(TRAINERS)("%s: a modality without any training sample", async (command, argv) => {
    const message =
      'training data: Cannot use modality "b": expected at least one sample that has it, got none';
    await expectRefused(cli(command, "--data", "untrained", ...argv), 1, message);
  });

  it.each(TRAINERS)("%s: a class that validation lacks", async (command, argv) => {
    const message =
      'validation data: Cannot use class "lit": expected at least one sample, got none';
    await expectRefused(cli(command, "--data", "unvalidated", ...argv), 1, message);
  });

  it.each([
    ["train", ["--method", "film"], "film: Cannot combine modalities: expected at least 2, got 1"],
    // Its first stage, concat, would do with one.
    ["train", ["--method", "mmin"], "mmin: Cannot combine modalities"],
    ["compare", ["--methods", "sum,gated", ...SHORT], "gated: Cannot combine modalities"],
    ["tune", ["--methods", "mmin", ...SHORT], "mmin: Cannot combine modalities"],
    ["diagnose", SHORT, "diagnose: Cannot compare modalities: expected at least 2, got 1"],
    ["reproduce q1", SHORT, "reproduce: Cannot compare ways to combine modalities"],
    ["drift", [], "drift: Cannot see how modalities move each other: expected at least 2, got 1"],
  ])("%s %j: one modality where two are needed", async (command, argv, message) => {
    await expectRefused(cli(command, "--data", "single", ...argv), 2, message);
  });

  it("prepare tells of a sample that has nothing, by its line, and leaves it out", async () => {
    const manifest = JSON.parse(await readFile(join(cache, "empty", "manifest.json"), "utf8"));
    expect(manifest.problems).toEqual({
      count: 1,
      first: [{ where: "list.csv:62", message: "no modality at all" }],
    });
  });
});

describe("bad input to what was trained", () => {
  const names = ["--name", "run"];

  beforeAll(async () => {
    const untested = ["--data", "untested", "--epochs", "2", "--name", "untested"];
    expect((await cli("train", "--method", "sum", ...untested)).code).toBe(0);
    const argv = ["--data", "plain", "--methods", "sum,ume", ...SHORT, ...names, "--no-test"];
    expect((await cli("compare", ...argv)).code).toBe(0);
  }, 30_000);

  it.each([
    [
      "other data",
      ["--data", "untested", "--methods", "sum,ume"],
      'data.name = "untested", got "plain"',
    ],
    ["other epochs", ["--methods", "sum,ume", "--epochs", "6"], "training.epochs = 6, got 5"],
    ["another rate", ["--methods", "sum,ume", "--rate", "0.5"], "rate = 0.5"],
    [
      "a method less",
      ["--methods", "ume"],
      'expected method "sum" as before, got "unimodal", "ume"',
    ],
  ])("compare does not go on with %s", async (_, argv, message) => {
    const path = join(runs, "run", "results.json");
    const results = await readFile(path);
    const before = ["--data", "plain", ...SHORT, ...names, "--resume", "--no-test"];
    await expectRefused(cli("compare", ...before, ...argv), 1, message);
    expect(await readFile(path)).toEqual(results);
  });

  it("compare goes on with a seed and a method more, and not with a seed less", async () => {
    const before = [
      "compare",
      "--data",
      "plain",
      ...SHORT,
      ...names,
      "--resume",
      "--no-test",
    ] as const;
    const more = await cli(...before, "--methods", "sum,ume,late", "--seeds", "2");
    expect(more.code).toBe(0);
    expect(more.err).toContain("sum seed 0  epoch");
    const less = cli(...before, "--methods", "sum,ume,late", "--seeds", "1");
    await expectRefused(less, 1, "expected seed 1 as before, got 0;");
  }, 30_000);

  it.each([
    ["evaluate", ["--without", "a,b"], 2, "evaluate: Cannot leave out every modality"],
    ["evaluate", ["--without", "c"], 2, 'Cannot find modality "c": expected one of "a", "b"'],
    [
      "predict",
      ["--sample", "5", "--without", "a,b"],
      2,
      "predict: Cannot leave out every modality",
    ],
    [
      "evaluate",
      ["--part", "test", "--without", "a"],
      1,
      'evaluate: Cannot judge on the test part: expected a sample with one of "b", got none',
    ],
  ])("%s %j: a mask that leaves samples nothing", async (command, argv, code, message) => {
    const cell = join(runs, "untested");
    await expectRefused(
      captureCli(command, "--run", cell, "--cache", cache, ...argv),
      code,
      message,
    );
  });
});

function names(all: readonly string[]): string {
  return all.map((name) => `"${name}"`).join(", ");
}

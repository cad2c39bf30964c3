import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset, DenseData } from "../../src/data/dataset.ts";
import { underProtocol } from "../../src/data/protocols.ts";
import { valuesOf } from "../../src/data/rows.ts";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { writeRecipe } from "../../src/node/recipes.ts";
import { QUESTIONS, type Question } from "../../src/node/runs/questions.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyRecipe } from "../support/tiny-recipe.ts";

/** Made data in the shape of the set of that name, a tenth of it, as a user would prepare them. */
const root = await mkdtemp(join(tmpdir(), "altermodal-"));
const cache = join(root, "cache");
afterAll(() => rm(root, { recursive: true, force: true }));

beforeAll(async () => {
  const { train, validation } = await createSynthetic({
    sizes: { train: 180, validation: 120, test: 6 },
  });
  const lines = [train, validation].flatMap(({ size, labels, modalities: { easy, hard } }) =>
    Array.from({ length: size }, (_, i) => {
      // The second half of the one part is the other here: the set's own test part stays shut.
      const split = size === 180 ? "train" : i < 60 ? "validation" : "test";
      const cells = [easy, hard].map((data) => valuesOf(data as DenseData, Int32Array.of(i)));
      return [`class ${labels[i]}`, split, ...cells.map((values) => values.join(";"))].join(",");
    }),
  );
  await writeFile(join(root, "list.csv"), ["label,split,easy,hard", ...lines].join("\n"));
  const argv = ["--from", root, "--name", "small", "--split", "authors", "--workers", "0"];
  const { code, err } = await captureCli("prepare", "folder", ...argv, "--cache", cache);
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
});

async function reproduce(question: string, ...more: string[]) {
  return reproduceIn(await temporaryFolder(), question, "--epochs", "1", ...more);
}

async function reproduceIn(folder: string, question: string, ...more: string[]) {
  await writeRecipe({ ...tinyRecipe(1), data: "small" }, folder);
  const result = await captureCli(
    ...["reproduce", question, "--data", "small", "--seeds", "1", "--workers", "0"],
    ...["--recipes", folder, "--runs", folder, "--cache", cache, ...more],
  );
  const runs = (await readdir(folder)).filter((name) => name.startsWith(question)).sort();
  const run = join(folder, runs.at(-1) ?? "none");
  const read = (name: string) => readFile(join(run, name), "utf8").catch(() => "null");
  return {
    ...result,
    record: JSON.parse(await read("results.json")),
    report: await read("report.html"),
    markdown: await read("results.md"),
  };
}

interface Cell {
  readonly method: { readonly label: string };
  readonly weightsHash: string;
  readonly test: {
    readonly fused: object | null;
    readonly fusedLogits: string;
    readonly patterns: readonly object[];
  };
}

describe("reproduce", () => {
  it("q2 gives every method the same gaps, more at higher rates", async () => {
    const { code, out, record } = await reproduce("q2");
    expect(code).toBe(0);
    expect(record.cells).toHaveLength(8 * 5);
    const missing = new Map<string, Set<number>>();
    for (const { protocol, test } of record.cells) {
      missing.set(protocol.label, (missing.get(protocol.label) ?? new Set()).add(test.missing));
    }
    const shares = [...missing.values()].map((values) => [...values]);
    for (const values of shares) expect(values).toHaveLength(1);
    const rates = shares.map(([share]) => share as number);
    expect(rates[0]).toBe(0);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(out).toContain("cells rate=0.7");
  }, 60_000);

  it("q2 under patterns judges each pattern by itself", async () => {
    const { code, record, markdown } = await reproduce("q2", "--protocol", "patterns");
    expect(code).toBe(0);
    expect(record.cells).toHaveLength(8 * 2);
    const patterns = record.cells.filter(({ test }: Cell) => test.patterns.length > 1);
    expect(patterns).toHaveLength(8);
    expect(markdown).toContain("fused, only hard");
  }, 60_000);

  it("q2 offers protocols that the data can be put under", async () => {
    const { validation } = await createSynthetic();
    const dataset: Dataset = validation;
    const { protocols } = QUESTIONS.q2 as Question;
    expect(Object.keys(protocols)).toEqual(["cells", "test-only", "patterns", "noise"]);
    for (const of of Object.values(protocols)) {
      const all = of(["easy", "hard"]);
      expect(all.filter(({ name }) => name === "complete")).toHaveLength(1);
      for (const protocol of all.slice(1)) {
        expect(underProtocol(dataset, "test", protocol)).not.toBe(dataset);
      }
    }
  });

  it("q3 trains once what differs in the fusion rule alone", async () => {
    const { record, err } = await reproduce("q3");
    const labels = record.cells.map(({ method }: Cell) => method.label);
    expect(labels).toContain("mla variant=off fusion=mean-of-logits");
    expect(new Set(labels).size).toBe(6);
    expect(err).toContain("4/4  ");
    const of = (label: string): Cell =>
      record.cells.find(({ method }: Cell) => method.label === label);
    expect(of("mla").weightsHash).toBe(of("mla fusion=mean-of-logits").weightsHash);
    expect(of("mla").weightsHash).not.toBe(of("mla variant=off").weightsHash);
    expect(of("mla").test.fusedLogits).not.toBe(of("mla fusion=mean-of-logits").test.fusedLogits);
  }, 60_000);

  it("q1 trains every method; q4 leaves the test part complete, and takes its gaps from q1", async () => {
    const folder = await temporaryFolder();
    const q1 = await reproduceIn(folder, "q1", "--epochs", "4", "--cells", join(folder, "cells"));
    expect(q1.code).toBe(0);
    expect(q1.record.cells).toHaveLength(Object.keys(METHODS).length);
    expect(q1.markdown).toContain("Shapley %");
    expect(q1.report).toContain("How far apart the modalities lie");
    const q4 = await reproduceIn(folder, "q4", "--epochs", "4", "--cells", join(folder, "cells"));
    expect(q4.record.cells).toHaveLength(4 * 7);
    for (const { test } of q4.record.cells) expect(test.missing).toBe(0);
    const fusing = q1.record.cells.filter(({ test }: Cell) => test.fused !== null).length;
    expect(q4.out).toContain(`Rank correlation with fused accuracy over ${fusing} methods`);
    expect(q4.err).toContain("mla seed 0  epoch 4 kept, finished before");
    expect(q4.report).toContain("hard missing in training");
  }, 120_000);

  it("quick takes one seed and few epochs, enough for every method", async () => {
    const folder = await temporaryFolder();
    const { code, record } = await reproduceIn(folder, "q3", "--quick", "--resume");
    expect(code).toBe(0);
    expect(record.cells[0].epochs).toHaveLength(5);
  }, 60_000);

  it("refuses too few epochs and an unknown protocol before anything is trained", async () => {
    const short = await reproduce("q1");
    expect([short.code, short.record]).toEqual([2, null]);
    expect(short.err).toContain("g-blending: Cannot train for so short: expected at least 4");
    const unknown = await reproduce("q3", "--protocol", "cells");
    expect([unknown.code, unknown.record]).toEqual([2, null]);
    expect(unknown.err).toContain('expected one of "complete"');
  }, 60_000);

  it("lists the questions for an unknown one", async () => {
    const { code, err } = await captureCli("reproduce", "q9", "--data", "synthetic");
    expect(code).toBe(2);
    expect(err).toContain('"q1", "q2", "q3", "q4"');
  });
});

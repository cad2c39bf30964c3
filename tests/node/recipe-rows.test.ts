import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../src/config/options.ts";
import { findPart } from "../../src/config/part.ts";
import { modalityNames } from "../../src/data/dataset.ts";
import { limitDataset } from "../../src/data/limit.ts";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { TUNING_OPTIONS } from "../../src/encoders/tuning.ts";
import { DataFormatError, OptionError } from "../../src/engine/errors.ts";
import { METHODS } from "../../src/methods/registry.ts";
import {
  describeExpectedCost,
  expectedCost,
  listRows,
  readRow,
} from "../../src/node/recipe-rows.ts";
import { buildSchedule, OPTIMIZERS } from "../../src/optim/index.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PAPER_SETS = ["crema-d", "food-101", "iemocap", "kinetics-sound", "mvsa"];

describe("the recipes of the package", () => {
  it("have the paper's rows for each of its data sets", () => {
    const names = listRows();
    for (const data of PAPER_SETS) {
      const rows = ["mla", "concat", "sum", "late", "film", "gated", "ogm-ge", "qmf", "unimodal"];
      expect(names).toEqual(expect.arrayContaining([data, ...rows.map((row) => `${data}/${row}`)]));
    }
  });

  it.each(listRows())("%s loads and is well configured, without the data", async (name) => {
    const { recipe, method, source } = await readRow(name);
    const { encoders, optimizer, schedule, tuning = {} } = recipe.training;
    if (method !== null) {
      const { options, leastModalities = 1 } = findPart("method", METHODS, method.name);
      resolveOptions(method.name, options, method.options);
      expect(Object.keys(encoders).length).toBeGreaterThanOrEqual(leastModalities);
    }
    const { options } = findPart("optimizer", OPTIMIZERS, optimizer.name);
    resolveOptions(optimizer.name, options, optimizer.options);
    if (schedule !== undefined) expect(buildSchedule(schedule)(0, 100)).toBe(1);
    for (const [m, own] of Object.entries(tuning)) {
      resolveOptions(m, TUNING_OPTIONS, own);
      expect(Object.keys(encoders)).toContain(m);
    }
    if (!PAPER_SETS.includes(name.split("/")[0] as string)) return;
    expect(source).toContain("MLA (CVPR 2024)");
    expect(Object.keys(recipe.expects?.inputs ?? {})).toEqual(Object.keys(encoders));
    expect(expectedCost(recipe)?.flopsPerSample).toBeGreaterThan(1e9);
  });

  it("halve the rate every epoch from epoch 2 where the authors do", async () => {
    const { recipe } = await readRow("mvsa/mla");
    const { schedule, epochs } = recipe.training;
    const factor = buildSchedule(schedule as NonNullable<typeof schedule>);
    const rates = Array.from({ length: epochs }, (_, epoch) => factor(epoch, epochs));
    expect(rates).toEqual(rates.map((_, epoch) => 0.5 ** Math.max(0, epoch - 1)));
  });

  it("state the cost of ResNet-18 on sound and frames", async () => {
    const { recipe } = await readRow("crema-d/mla");
    expect(describeExpectedCost(recipe)).toMatch(
      /^cost: 22\.3 million weights in the encoders, \d+\.\d GFLOP per sample and step x 6698 samples x 100 epochs = \d+\.\d PFLOP$/,
    );
  });
});

describe("readRow()", () => {
  it("lists the rows of the data set, or the data sets, if there is none", async () => {
    await expect(readRow("crema-d/mlaa")).rejects.toThrow(
      '"crema-d/mla", "crema-d/mla-transformer"',
    );
    await expect(readRow("../secret")).rejects.toThrow(OptionError);
    await expect(readRow("cremad")).rejects.toThrow('"crema-d", "digits"');
  });

  it("refuses what is no row", async () => {
    const folder = await temporaryFolder();
    const { recipe } = await readRow("synthetic");
    await mkdir(join(folder, "synthetic"));
    await writeFile(join(folder, "synthetic.json"), JSON.stringify(recipe));
    await writeFile(join(folder, "synthetic", "odd.json"), "{}");
    await writeFile(join(folder, "synthetic", "torn.json"), '{"format": ');
    await expect(readRow("synthetic/odd", folder)).rejects.toThrow(DataFormatError);
    await expect(readRow("synthetic/torn", folder)).rejects.toThrow("expected JSON");
  });
});

describe("altermodal train --config", () => {
  it("says what to prepare when the data are not there, and what the training would cost", async () => {
    const cache = await temporaryFolder();
    const { code, out, err } = await captureCli("train", "--config", "mvsa/mla", "--cache", cache);
    expect(code).toBe(1);
    expect(out).toContain("GFLOP per sample and step x 1555 samples x 12 epochs");
    expect(err).toContain("altermodal prepare mvsa --from DIR");
    const variant = await captureCli(
      "train",
      "--config",
      "crema-d/mla-transformer",
      "--cache",
      cache,
    );
    expect(variant.code).toBe(2);
    expect(variant.err).toContain("prepare crema-d --variant transformer --from DIR");
  });

  it("trains a row on a few samples, its flags over the row's settings", async () => {
    const folder = await temporaryFolder();
    const recipes = join(folder, "recipes");
    const { recipe } = await readRow("synthetic");
    await mkdir(join(recipes, "synthetic"), { recursive: true });
    await writeFile(join(recipes, "synthetic.json"), JSON.stringify(recipe));
    const row = {
      format: "altermodal-row-1",
      source: "made up",
      method: { name: "mla", options: { alpha: 0.5, memory: "all" } },
      training: { epochs: 2, tuning: { easy: { frozen: true } } },
    };
    await writeFile(join(recipes, "synthetic", "mine.json"), JSON.stringify(row));
    const { code, err, out } = await captureCli(
      ...["train", "--config", "synthetic/mine", "--recipes", recipes, "--alpha", "0.25"],
      ...["--limit", "12", "--runs", folder, "--name", "one", "--json"],
    );
    expect([code, err]).toEqual([0, ""]);
    const { run } = JSON.parse(out.trim().split("\n").at(-1) as string);
    const config = JSON.parse(await readFile(join(run, "config.json"), "utf8"));
    expect(config.data.limit).toBe(12);
    expect(config.method).toMatchObject({ name: "mla", options: { alpha: 0.25, memory: "all" } });
    expect(config.training).toMatchObject({ epochs: 2, tuning: { easy: { frozen: true } } });
  });

  it("shows the recipes with their costs", async () => {
    const { code, out } = await captureCli("recipes");
    expect(code).toBe(0);
    for (const name of listRows()) expect(out).toContain(`${name}: `);
  });
});

describe("limitDataset()", () => {
  it("takes some of every class in the data's own order", async () => {
    const { train } = await createSynthetic({ sizes: { train: 60, validation: 10, test: 10 } });
    const few = limitDataset(train, 2 * train.classes.length);
    expect(few.size).toBe(2 * train.classes.length);
    for (const label of train.classes.keys()) {
      expect(few.labels.filter((own) => own === label)).toHaveLength(2);
    }
    const places = few.ids.map((id) => train.ids.indexOf(id));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(limitDataset(train, 1).size).toBe(train.classes.length);
    expect(modalityNames(few)).toEqual(modalityNames(train));
  });
});

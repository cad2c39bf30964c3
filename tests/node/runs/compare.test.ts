import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataFormatError, OptionError } from "../../../src/engine/errors.ts";
import { renderTextTable, summarise } from "../../../src/report/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runPlan, tinyPlan } from "../../support/tiny-comparison.ts";

const model = (folder: string, cell: string) =>
  readFile(join(folder, "run", "cells", cell, "model.safetensors"));

describe("compare()", () => {
  it("trains each method with each seed, ensembles from the modalities trained alone", async () => {
    const folder = await temporaryFolder();
    const methods = ["unimodal", "ume", "concat"].map((name) => ({ name, options: {} }));
    const { record, failures } = await runPlan(tinyPlan(folder, { methods, seeds: [0, 1] }));
    expect(failures).toEqual([]);
    const found = Object.fromEntries(
      record.cells.map((cell) => [`${cell.method.label} ${cell.seed}`, cell]),
    );
    expect(Object.keys(found)).toEqual(
      ["unimodal", "ume", "concat"].flatMap((name) => [`${name} 0`, `${name} 1`]),
    );
    const [lone, ensemble, joint] = ["unimodal 1", "ume 1", "concat 1"].map((key) => found[key]);
    expect(ensemble?.test?.modalityLogits).toEqual(lone?.test?.modalityLogits);
    expect(ensemble?.flops).toBe(lone?.flops);
    expect(ensemble?.seconds).toBe(lone?.seconds);
    expect(lone?.test?.fused).toBeNull();
    expect(lone?.test?.modalities.hard?.headKind).toBe("own");
    expect(joint?.test?.modalities.hard?.headKind).toBe("others-zeroed");
    expect(joint?.test?.modalities.hard?.probe).not.toBeNull();
    expect(joint?.flops).toBeGreaterThan(0);
    expect(renderTextTable(summarise(record))).toContain("concat");
  });

  it("writes report, results, config and metrics", async () => {
    const folder = await temporaryFolder();
    const { record, reportPath } = await runPlan(tinyPlan(folder));
    expect(await readFile(reportPath, "utf8")).toContain("<!doctype html>");
    const read = async (name: string) => readFile(join(folder, "run", name), "utf8");
    expect(JSON.parse(await read("results.json"))).toEqual(JSON.parse(JSON.stringify(record)));
    expect(JSON.parse(await read("config.json"))).toMatchObject({ data: "synthetic", seeds: [0] });
    const lines = (await read("metrics.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ method, epoch }) => [method, epoch])).toEqual([
      ["mla", 1],
      ["mla", 2],
      ["mla", 3],
    ]);
  });

  it("goes on after being stopped to the bits of a run that never was", async () => {
    const folder = await temporaryFolder();
    const whole = await runPlan(tinyPlan(join(folder, "whole")));
    const stopped = await runPlan(
      tinyPlan(join(folder, "parts")),
      (event) => event.type === "epoch" && event.record.epoch === 1,
    );
    expect(stopped.record.cells[0]?.epochs).toHaveLength(1);
    const resumed = await runPlan(tinyPlan(join(folder, "parts"), { resume: true }));
    const trained = resumed.events.flatMap((event) =>
      event.type === "epoch" ? [event.record.epoch] : [],
    );
    expect(trained).toEqual([2, 3]);
    const path = (part: string) => model(join(folder, part), "mla-0");
    expect((await path("parts")).equals(await path("whole"))).toBe(true);
    const [cell] = resumed.record.cells;
    expect(cell?.weightsHash).toBe(whole.record.cells[0]?.weightsHash);
    expect(cell?.epochs.map(({ loss }) => loss)).toEqual(
      whole.record.cells[0]?.epochs.map(({ loss }) => loss),
    );
    expect(cell?.interrupted).toBe(false);
    const [all, first] = [whole, stopped].map(({ record }) => record.cells[0]?.drift?.steps ?? []);
    expect(all?.length).toBeGreaterThan(20);
    expect(cell?.drift?.steps.slice(0, first?.length)).toEqual(first);
    expect(cell?.drift?.steps.at(-1)).toBe(all?.at(-1));
    expect(Math.max(...(cell?.drift?.modalities.hard?.projected ?? []))).toBeGreaterThan(0);
  });

  it("keeps the best epoch and writes the report when it is stopped", async () => {
    const folder = await temporaryFolder();
    const methods = ["mla", "sum"].map((name) => ({ name, options: {} }));
    const { record, reportPath } = await runPlan(
      tinyPlan(folder, { methods }),
      (event) => event.type === "epoch" && event.record.epoch === 2,
    );
    expect(record.ended).toBeNull();
    expect([record.cells.length, record.plannedCells]).toEqual([1, 2]);
    expect(record.cells[0]?.interrupted).toBe(true);
    expect(record.cells[0]?.test?.fused).not.toBeNull();
    expect(await readFile(reportPath, "utf8")).toContain("Partial run.");
    expect((await model(folder, "mla-0")).length).toBeGreaterThan(0);
  });

  it("does not train again what is finished", async () => {
    const folder = await temporaryFolder();
    const first = await runPlan(tinyPlan(folder));
    const { record, events } = await runPlan(tinyPlan(folder, { resume: true, seeds: [0, 1] }));
    const outcomes = events.flatMap((event) => (event.type === "cell" ? [event.outcome] : []));
    expect(outcomes).toEqual(["kept", "trained"]);
    expect(record.cells[0]?.seconds).toBe(first.record.cells[0]?.seconds);
  });

  it("counts every opening of the test part, and opens it once a run at most", async () => {
    const folder = await temporaryFolder();
    const openings = async (changes: object) =>
      (await runPlan(tinyPlan(folder, { resume: true, ...changes }))).record.testOpenings;
    expect(await openings({ test: false })).toBe(0);
    expect(await openings({})).toBe(1);
    await rm(join(folder, "run"), { recursive: true });
    expect(await openings({ seeds: [0, 1] })).toBe(2);
  });

  it("refuses the folder of a cell of another configuration, and names the difference", async () => {
    const folder = await temporaryFolder();
    await runPlan(tinyPlan(folder, { test: false }));
    const before = await model(folder, "mla-0");
    const other = runPlan(tinyPlan(folder, { resume: true, changes: { epochs: 2 } }));
    await expect(other).rejects.toThrow(DataFormatError);
    await expect(other).rejects.toThrow("expected training.epochs = 2, got 3");
    await expect(runPlan(tinyPlan(folder))).rejects.toThrow(OptionError);
    expect((await model(folder, "mla-0")).equals(before)).toBe(true);
  });

  it.each([
    ["a truncated model", "model.safetensors", (bytes: Buffer) => bytes.subarray(0, 100)],
    [
      "a model of which one bit is another",
      "model.safetensors",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
    ],
    ["a record that is no JSON", "cell.json", () => Buffer.from("{")],
    ["a config that is no JSON", "config.json", () => Buffer.from("null")],
  ])("refuses %s", async (_, name, damage) => {
    const folder = await temporaryFolder();
    await runPlan(tinyPlan(folder, { test: false }));
    const path = join(folder, "run", "cells", "mla-0", name);
    await writeFile(path, damage(await readFile(path)));
    await expect(runPlan(tinyPlan(folder, { resume: true }))).rejects.toThrow(DataFormatError);
  });

  it("refuses a truncated checkpoint", async () => {
    const folder = await temporaryFolder();
    await runPlan(tinyPlan(folder), (event) => event.type === "epoch");
    const path = join(folder, "run", "cells", "mla-0", "checkpoint.safetensors");
    await writeFile(path, (await readFile(path)).subarray(0, 1000));
    await expect(runPlan(tinyPlan(folder, { resume: true }))).rejects.toThrow(DataFormatError);
  });

  it("finishes the other trainings when one fails, and says which", async () => {
    const folder = await temporaryFolder();
    const plan = tinyPlan(folder, {
      methods: ["sum", "mla"].map((name) => ({ name, options: {} })),
    });
    const diverging = { method: "sum", grid: [], selected: { learningRate: 1e30, epoch: 1 } };
    const recipe = { ...plan.recipe, methods: [diverging] };
    const { record, failures } = await runPlan({ ...plan, recipe });
    expect(failures.map(({ cell }) => cell)).toEqual(["sum-0"]);
    expect(record.cells.map(({ method }) => method.label)).toEqual(["mla"]);
    expect(record.plannedCells).toBe(2);
  });

  it("refuses the same method twice and an unknown one before anything is trained", async () => {
    const folder = await temporaryFolder();
    const twice = ["mla", "mla"].map((name) => ({ name, options: {} }));
    await expect(runPlan(tinyPlan(folder, { methods: twice }))).rejects.toThrow("got twice");
    const unknown = [{ name: "mlaa", options: {} }];
    await expect(runPlan(tinyPlan(folder, { methods: unknown }))).rejects.toThrow(OptionError);
  });
});

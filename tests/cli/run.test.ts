import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecipe, writeRecipe } from "../../src/node/recipes.ts";
import { captureCli, captureStoppable } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyRecipe } from "../support/tiny-recipe.ts";

describe("commands on made data", () => {
  it("train, evaluate with a modality left out, and predict", async () => {
    const folder = await temporaryFolder();
    const places = ["--cache", join(folder, "cache")];
    const trained = await captureCli(
      ...["train", "--data", "synthetic", "--method", "mla", "--alpha", "0.5", "--epochs", "2"],
      ...["--runs", folder, "--name", "one", "--json", ...places],
    );
    expect([trained.code, trained.err]).toEqual([0, ""]);
    const events = trained.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === "epoch")).toHaveLength(2);
    const { run } = events.at(-1);
    const config = JSON.parse(await readFile(join(run, "config.json"), "utf8"));
    expect(config.method.options.alpha).toBe(0.5);

    const judge = async (...more: string[]) => {
      const { out } = await captureCli("evaluate", "--run", run, "--json", ...places, ...more);
      return JSON.parse(out).scores;
    };
    const whole = await judge();
    expect(Object.keys(whole)).toEqual(["fused", "easy", "hard"]);
    const without = await judge("--without", "hard");
    expect(Object.keys(without)).toEqual(["fused", "easy"]);
    expect(without.fused.accuracy).toBe(whole.easy.accuracy);
    const nothing = await captureCli("evaluate", "--run", run, ...places, "--without", "easy,hard");
    expect(nothing.code).toBe(2);

    const sample = ["--sample", "validation/3", "--without", "easy", "--json"];
    const { out } = await captureCli("predict", "--run", join(folder, "one"), ...places, ...sample);
    const prediction = JSON.parse(out);
    expect(prediction.truth).toBe("class 3");
    expect(prediction.weights).toEqual({ easy: 0, hard: 1 });

    const file = join(folder, "small.safetensors");
    const exported = await captureCli("export", "--run", run, ...places, "--out", file);
    expect(exported.out).toMatch(
      /^int8: [\d.]+ kB, \d+ % of [\d.]+ kB; validation accuracy [\d.]+ -> [\d.]+ % \([+-]?[\d.]+\)\n$/,
    );
    const small = await readFile(file);
    const onnx = ["export", "--run", run, ...places, "--format", "onnx", "--json", "--out"];
    expect(JSON.parse((await captureCli(...onnx, `${file}.onnx`)).out)).toMatchObject({
      format: "onnx",
      accuracy: null,
      bytes: (await readFile(`${file}.onnx`)).length,
    });
    const nowhere = await captureCli("export", "--run", run, ...places);
    expect(nowhere.err).toContain("expected --out FILE");
    expect(await readFile(file)).toEqual(small);

    const split = async (...more: string[]) =>
      (await captureCli("explain", "--run", run, ...places, ...more)).out;
    const all = JSON.parse(await split("--json", "--prior", "train", "--scale", "log-odds"));
    for (const { shapley, value, baseline } of all.samples) {
      expect(shapley.easy + shapley.hard).toBeCloseTo(value - baseline, 9);
    }
    expect(await split()).toMatch(
      /\d+ samples\n {2}easy {2}mean [+-]0\.\d{4} {2}share +[\d.]+ %\n/,
    );
    expect(await split("--sample", "validation/3", "--class", "class 1")).toMatch(
      /class \d.*\n {2}baseline {2}\+0\.\d{4}\n {2}easy +[+-]0\.\d{4} {2}weight .* % {2}alone: class/,
    );
  });

  it("tune keeps what an earlier search found, and goes on where it was stopped", async () => {
    const folder = await temporaryFolder();
    await writeRecipe(tinyRecipe(2), folder);
    const stop = new AbortController();
    const search = (signal: AbortSignal, methods: string, ...more: string[]) =>
      captureStoppable(
        signal,
        ...["tune", "--data", "synthetic", "--methods", methods, "--grid", "0.01,0.1"],
        ...["--seeds", "1", "--workers", "0", "--recipes", folder, "--runs", folder, ...more],
      );
    const never = new AbortController().signal;
    expect((await search(never, "sum")).code).toBe(0);
    const first = await readRecipe("synthetic", folder);
    const watch = setInterval(() => {
      if (existsSync(join(folder, "tune-synthetic", "concat-0.01-100", "cell.json"))) stop.abort();
    }, 1);
    expect((await search(stop.signal, "concat,mla")).code).toBe(130);
    clearInterval(watch);
    expect(await readRecipe("synthetic", folder)).toEqual(first);
    const resumed = await search(never, "concat,mla", "--resume");
    expect(resumed.code).toBe(0);
    expect(resumed.err).toContain("concat rate=0.01 seed 100  epoch 2 kept, finished before");
    const { methods } = await readRecipe("synthetic", folder);
    expect(methods.map(({ method }) => method)).toEqual(["sum", "concat", "mla"]);
    expect(methods[0]).toEqual(first.methods[0]);
    expect(methods[1]?.command).toContain("--methods concat,mla");
    expect(existsSync(join(folder, "tune-synthetic"))).toBe(false);
  });

  it("tune writes a recipe that compare then follows", async () => {
    const folder = await temporaryFolder();
    await writeRecipe(tinyRecipe(2), folder);
    const path = join(folder, "synthetic.json");
    const places = ["--data", "synthetic", "--recipes", folder, "--cache", join(folder, "cache")];
    const tuned = await captureCli(
      ...[
        "tune",
        "--methods",
        "ume,sum,umt",
        "--grid",
        "0.01,0.1",
        "--seeds",
        "1",
        "--workers",
        "0",
      ],
      ...places,
      ...["--runs", folder],
    );
    expect(tuned.code).toBe(0);
    const written = JSON.parse(await readFile(path, "utf8"));
    expect(written.methods.map(({ method }: { method: string }) => method)).toEqual([
      "unimodal",
      "sum",
      "umt",
    ]);
    const { selected, grid } = written.methods[0];
    expect(grid).toHaveLength(2);
    expect(written.methods[2].grid[0].accuracy).toBeGreaterThan(0);

    const runs = ["--runs", folder, "--name", "run", "--workers", "0", "--seeds", "1"];
    const compared = await captureCli("compare", "--methods", "ume,sum", ...places, ...runs);
    expect(compared.code).toBe(0);
    expect(compared.out).toMatch(/ume .*\n.*sum /);
    const config = JSON.parse(await readFile(join(folder, "run", "config.json"), "utf8"));
    expect(config.methods.ume).toMatchObject({
      learningRate: selected.learningRate,
      keptEpoch: selected.epoch,
    });
    const shut = await captureCli(
      ...["compare", "--methods", "ume,sum", "--resume", "--no-test", ...places, ...runs],
    );
    expect(shut.out).toMatch(
      /test part was not opened.*\n {2}sum {2}fused [\d.]+ {2}easy [\d.]+ {2}hard/,
    );
    const again = await captureCli("compare", "--methods", "ume,sum", ...places, ...runs);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining("pass --resume")]);
  });
});

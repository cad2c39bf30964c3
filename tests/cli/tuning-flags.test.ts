import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TUNING_FLAGS, tuningOf } from "../../src/cli/tuning-flags.ts";
import { TUNING_OPTIONS } from "../../src/encoders/tuning.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("there is a flag for every option of tuning", () => {
  const names = Object.keys(TUNING_OPTIONS).map((name) => `tuning.${name}`);
  expect(Object.keys(TUNING_FLAGS)).toEqual(names);
});

it("flags go over the recipe, modality by modality", () => {
  const recipe = { image: { rate: 0.1, layerDecay: 0.8 }, text: { rate: 0.1 } };
  const flags = {
    "tuning.rate": ["image=0.5"],
    "tuning.frozen": ["text=true"],
    "tuning.freezeNames": ["image=stem", "image=layer1.0"],
  };
  expect(tuningOf(flags, recipe)).toEqual({
    image: { rate: 0.5, layerDecay: 0.8, freezeNames: ["stem", "layer1.0"] },
    text: { rate: 0.1, frozen: true },
  });
  expect(tuningOf({}, undefined)).toBeUndefined();
  expect(() => tuningOf({ "tuning.rate": ["0.5"] }, undefined)).toThrow(
    'Cannot set option "--tuning.rate": expected MODALITY=VALUE, got "0.5"',
  );
});

it("train takes them, and refuses what is out of range", async () => {
  const folder = await temporaryFolder();
  const start = [
    "train",
    "--data",
    "synthetic",
    "--epochs",
    "1",
    "--limit",
    "20",
    "--runs",
    folder,
  ];
  const { code, out } = await captureCli(...start, "--tuning.freezeLayers", "easy=1", "--json");
  expect(code).toBe(0);
  const { run } = JSON.parse(out.trim().split("\n").at(-1) as string);
  const config = JSON.parse(await readFile(join(run, "config.json"), "utf8"));
  expect(config.training.tuning).toEqual({ easy: { freezeLayers: 1 } });
  const wrong = await captureCli(...start, "--tuning.rate", "easy=-1");
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain('Cannot set option "rate": expected a number >= 0, got -1');
});

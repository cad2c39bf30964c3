import { expect, it } from "vitest";
import { withSampling } from "../../src/cli/sampling-flags.ts";
import { readRecipe } from "../../src/node/recipes.ts";
import { planCells } from "../../src/node/runs/plan.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FLAGS = { sampling: "balanced", samplingWeights: {} };

it("flags that were given go over the recipe, and make another cell of it", async () => {
  const recipe = await readRecipe("synthetic");
  const changed = withSampling(recipe, FLAGS, new Set(["sampling"]));
  expect(changed.training).toEqual({ ...recipe.training, sampling: "balanced" });
  expect(withSampling(recipe, FLAGS, new Set())).toEqual(recipe);
  const keyOf = (used: typeof recipe) =>
    planCells({
      data: { name: "synthetic", cacheDir: "" },
      dataHash: "0",
      recipe: used,
      changes: {},
      methods: [{ name: "sum", options: {} }],
      seeds: [0],
      folder: "",
      shared: true,
      resume: false,
    }).asked[0]?.key;
  expect(keyOf(changed)).not.toBe(keyOf(recipe));
});

it("train takes them", async () => {
  const folder = await temporaryFolder();
  const start = ["train", "--data", "synthetic", "--epochs", "1", "--limit", "20"];
  const weighted = ["--sampling", "weighted", "--samplingWeights"];
  const { code } = await captureCli(...start, "--runs", folder, ...weighted, "class 1=2");
  const wrong = await captureCli(...start, "--runs", folder, ...weighted, "none=2");
  expect(wrong.err).toContain('Cannot weigh class "none": expected one of');
  expect([code, wrong.code]).toEqual([0, 2]);
});

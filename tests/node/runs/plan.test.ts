import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { DataFormatError } from "../../../src/engine/errors.ts";
import type { Recipe } from "../../../src/node/recipes.ts";
import { cellIdentity } from "../../../src/node/runs/cell-job.ts";
import { planCells } from "../../../src/node/runs/plan.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runPlan, tinyPlan } from "../../support/tiny-comparison.ts";

/** The recipe with another rate for the method that others start from, and their own rate as it was. */
function withFirstRate(recipe: Recipe, learningRate: number): Recipe {
  const found = { method: "unimodal", grid: [], selected: { learningRate, epoch: 2 } };
  return { ...recipe, methods: [found] };
}

describe("a training that starts from another", () => {
  const methods = [{ name: "umt", options: {} }];

  it("is another cell where its start was trained otherwise", async () => {
    const { recipe } = tinyPlan("");
    const plan = (used: Recipe) =>
      planCells({
        ...{ data: { name: "synthetic", cacheDir: "" }, dataHash: "0", recipe: used, changes: {} },
        ...{ methods, seeds: [0], folder: "cells", shared: true, resume: false },
      });
    const [one, same, other] = [0.05, 0.05, 0.1].map((rate) => plan(withFirstRate(recipe, rate)));
    expect(same).toEqual(one);
    expect(other?.asked[0]?.key).not.toBe(one?.asked[0]?.key);
    const own = (of: typeof one) => {
      const { startFrom: _, ...rest } = cellIdentity(of?.cells.at(-1)?.job as never);
      return rest;
    };
    expect(own(other)).toEqual(own(one));
  });

  it("does not go on from another start in a folder of its own", async () => {
    const folder = await temporaryFolder();
    const plan = tinyPlan(folder, { methods, test: false });
    const at = (rate: number) => ({ ...plan, recipe: withFirstRate(plan.recipe, rate) });
    await runPlan(at(0.05));
    // Without the start's own folder, the training's config alone tells.
    await rm(`${folder}/run/cells/unimodal-0`, { recursive: true });
    await rm(`${folder}/run/config.json`);
    const resumed = runPlan({ ...at(0.1), resume: true });
    await expect(resumed).rejects.toThrow(DataFormatError);
    await expect(resumed).rejects.toThrow(
      /umt-0\/config.json: Cannot go on with another configuration: expected startFrom = "\w+", got "\w+"/,
    );
  });
});

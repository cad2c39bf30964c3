import { join } from "node:path";
import { flag, integer } from "../../config/options.ts";
import { OptionError } from "../../engine/errors.ts";
import { METHODS } from "../../methods/registry.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { findDataset } from "../../node/load-data.ts";
import { writeRecipe } from "../../node/recipes.ts";
import { tune as search } from "../../node/runs/tune.ts";
import { percent } from "../../report/format.ts";
import type { RecipeRecord } from "../../report/index.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  configureMethod,
  DATA_FLAGS,
  placeOf,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { list, text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";
import { SAMPLING_FLAGS, withSampling } from "../sampling-flags.ts";

/** Seeds of a search are not those of the comparison that uses what it found. */
const FIRST_SEED = 100;

export const tune = defineCommand({
  name: "tune",
  title: "find each method's learning rate and epoch on validation data, and write the recipe",
  flags: {
    ...DATA_FLAGS,
    methods: list("NAME", [], "what is tuned; default: every method"),
    grid: list("RATE", ["0.03", "0.1", "0.3"], "learning rates, the same for every method"),
    epochs: BUDGET_FLAGS.epochs,
    ...SAMPLING_FLAGS,
    seeds: integer(5, `number of seeds: ${FIRST_SEED}, ${FIRST_SEED + 1}, ...`, {
      min: 1,
      max: 1000,
    }),
    name: text("NAME", null, "name of the search; default: after the data"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the search of this name, or with the latest one"),
    ...WORK_FLAGS,
    ...RECIPE_FLAG,
  },
  async run({ flags, given, commandLine, io }) {
    findDataset(flags.data, flags.cache);
    const folder = recipesDir(flags.recipes);
    const methods = flags.methods.length > 0 ? flags.methods : Object.keys(METHODS);
    const name = chooseRunName(flags.runs, `tune-${flags.data}`, flags.name, flags.resume);
    const progress = createProgress(io, flags.json);
    const recipe = await search(
      {
        data: { name: flags.data, ...placeOf(flags) },
        recipe: withSampling(await chooseRecipe(flags.data, folder, flags.cache), flags, given),
        methods: methods.map((method) => configureMethod(method, flags, given)),
        learningRates: flags.grid.map(toRate),
        epochs: flags.epochs,
        seeds: Array.from({ length: flags.seeds }, (_, i) => FIRST_SEED + i),
        folder: join(flags.runs, name),
        resume: flags.resume,
        workers: flags.workers,
        command: commandLine,
      },
      { signal: io.signal, onEvent: progress.onEvent },
    ).finally(progress.end);
    const path = await writeRecipe(recipe, folder);
    if (flags.json) io.out(`${JSON.stringify({ event: "end", recipe })}\n`);
    else io.out(`${recipe.methods.map(describeSearch).join("\n")}\n\nRecipe: ${path}\n`);
    return 0;
  },
});

function toRate(text: string): number {
  const rate = Number(text);
  if (text !== "" && Number.isFinite(rate) && rate > 0) return rate;
  throw new OptionError(
    `tune: Cannot set option "--grid": expected numbers above 0, separated by commas, got "${text}"`,
  );
}

function describeSearch({ method, grid, selected }: RecipeRecord): string {
  const lines = grid.map(({ learningRate, accuracy, epoch }) => {
    const chosen = learningRate === selected.learningRate ? "  <- chosen" : "";
    return `  rate ${learningRate}: ${percent(accuracy)} % at epoch ${epoch}${chosen}`;
  });
  return `${method}\n${lines.join("\n")}`;
}

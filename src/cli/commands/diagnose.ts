import { join } from "node:path";
import { flag, integer } from "../../config/options.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { cleanName } from "../../node/clean-name.ts";
import { diagnose as runDiagnosis } from "../../node/runs/diagnose.ts";
import { renderDiagnosis } from "../../report/index.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  DATA_FLAGS,
  placeOf,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";

export const diagnose = defineCommand({
  name: "diagnose",
  title: "say which modality joint training leaves lazy, by how much, and what to try",
  flags: {
    ...DATA_FLAGS,
    seeds: integer(3, "number of seeds: 0, 1, ...", { min: 1, max: 1000 }),
    epochs: BUDGET_FLAGS.epochs,
    name: text("NAME", null, "name of the run; default: after the data"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the run of this name, or with the latest one"),
    ...WORK_FLAGS,
    ...RECIPE_FLAG,
  },
  async run({ flags, io }) {
    const data = { name: flags.data, ...placeOf(flags) };
    const recipe = await chooseRecipe(flags.data, recipesDir(flags.recipes), flags.cache);
    const base = `diagnose-${cleanName(flags.data).replace(/^[^A-Za-z0-9]+/, "")}`;
    const name = chooseRunName(flags.runs, base, flags.name, flags.resume);
    const progress = createProgress(io, flags.json);
    const diagnosis = await runDiagnosis(
      {
        data,
        recipe,
        epochs: flags.epochs,
        seeds: Array.from({ length: flags.seeds }, (_, i) => i),
        folder: join(flags.runs, name),
        resume: flags.resume,
        workers: flags.workers,
      },
      { signal: io.signal, onEvent: progress.onEvent },
    ).finally(progress.end);
    io.out(
      flags.json
        ? `${JSON.stringify({ event: "end", diagnosis })}\n`
        : `\n${renderDiagnosis(diagnosis)}`,
    );
    return 0;
  },
});

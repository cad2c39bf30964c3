import { markdownTable } from "../../config/markdown.ts";
import { integer } from "../../config/options.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { type DriftRow, measureDrift } from "../../node/runs/drift.ts";
import { defineCommand } from "../command.ts";
import { DATA_FLAGS, placeOf, RECIPE_FLAG, recipesDir, WORK_FLAGS } from "../common-flags.ts";

export const drift = defineCommand({
  name: "drift",
  title: "measure how far MLA's steps move the head's outputs on the other modalities",
  flags: {
    ...DATA_FLAGS,
    epochs: integer(3, "epochs of each training", { min: 1 }),
    seed: integer(0, "where all random numbers come from", { max: 0xffffffff }),
    json: WORK_FLAGS.json,
    ...RECIPE_FLAG,
  },
  async run({ flags, io }) {
    const data = { name: flags.data, ...placeOf(flags) };
    const rows = await measureDrift({
      data,
      recipe: await chooseRecipe(flags.data, recipesDir(flags.recipes), flags.cache),
      epochs: flags.epochs,
      seed: flags.seed,
      signal: io.signal,
      onRow: ({ optimizer, projection }) => io.err(`${optimizer}, ${projection}\n`),
    });
    io.out(flags.json ? `${JSON.stringify(rows)}\n` : `${renderDrift(rows)}\n`);
    return 0;
  },
});

function renderDrift(rows: readonly DriftRow[]): string {
  const head = ["optimizer", "projected", "stored mean", "current mean", "single samples, RMS"];
  const cells = rows.map(({ optimizer, projection, stored, current, sample, trace }) => [
    optimizer,
    projection,
    ...[stored, current, sample].map((value) => value.toExponential(1)),
    trace.toFixed(3),
  ]);
  return markdownTable([...head, "trace(P)/d"], cells, 2);
}

import { describeExpectedCost, listRows, readRow } from "../../node/recipe-rows.ts";
import { defineCommand } from "../command.ts";
import { RECIPE_FLAG, recipesDir } from "../common-flags.ts";

export const recipes = defineCommand({
  name: "recipes",
  title: "list the recipes with their sources and expected costs",
  flags: RECIPE_FLAG,
  async run({ flags, io }) {
    const folder = recipesDir(flags.recipes);
    for (const name of listRows(folder)) {
      const { recipe, source } = await readRow(name, folder);
      io.out(`${name}: ${source || "settings of our own"}\n  ${describeExpectedCost(recipe)}\n`);
    }
    return 0;
  },
});

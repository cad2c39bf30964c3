/** Which recipe data are trained by: their own, that of their set, or one made from the forms of their modalities. */

import { findDataset } from "./load-data.ts";
import { plainRecipe } from "./plain-recipe.ts";
import { hasForms } from "./prepare/file-dataset.ts";
import { findForm } from "./prepare/forms/index.ts";
import { type Recipe, readRecipe, recipeExists } from "./recipes.ts";

/**
 * The recipe of some data: the file `<folder>/<data>.json`; else, for a variant of a set, the set's; else a plain one, with
 * the encoder that suits the form of each modality.
 *
 * @throws {OptionError} if there are no such data, or they are of a set without files and have no recipe
 */
export async function chooseRecipe(
  data: string,
  folder: string,
  cacheDir: string,
): Promise<Recipe> {
  if (await recipeExists(data, folder)) return readRecipe(data, folder);
  const source = findDataset(data, cacheDir);
  if (!hasForms(source)) return readRecipe(data, folder);
  const { set, forms } = await source.describe();
  if (await recipeExists(set, folder)) {
    // What was searched for on the whole set is not this variant's.
    return { ...(await readRecipe(set, folder)), data, search: null, methods: [] };
  }
  const encoders = Object.fromEntries(
    Object.entries(forms).map(([modality, choice]) => [
      modality,
      findForm(choice).encoder(choice.settings),
    ]),
  );
  return plainRecipe(data, encoders);
}

/** A recipe for data that have none: encoders by what each modality looks like. */
import { join } from "node:path";
import type { PartConfig } from "../config/part.ts";
import type { Dataset } from "../data/dataset.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { bagOfWords, conv, mlp } from "../encoders/index.ts";
import { sgd } from "../optim/index.ts";
import { inputSpecs } from "../train/model-spec.ts";
import { readIfThere } from "./read-if-there.ts";
import { RECIPE_FORMAT, RECIPES_DIR, type Recipe, readRecipe } from "./recipes.ts";

const HIDDEN = [128];

/** Pictures and spectrograms by convolutions, other numbers by an MLP, words by a bag. Nothing was searched for. */
export function defaultRecipe(name: string, train: Dataset): Recipe {
  const encoders = Object.entries(inputSpecs(train)).map(([m, input]) => [m, encoderFor(input)]);
  return plainRecipe(name, Object.fromEntries(encoders));
}

/** A recipe with these encoders, and for the rest what suits small data. */
export function plainRecipe(name: string, encoders: Readonly<Record<string, PartConfig>>): Recipe {
  return {
    format: RECIPE_FORMAT,
    data: name,
    training: {
      encoders,
      dim: 64,
      batchSize: 64,
      epochs: 12,
      optimizer: sgd({ rate: 0.1, momentum: 0.9, weightDecay: 1e-4 }),
      clip: 1,
    },
    search: null,
    methods: [],
  };
}

function encoderFor(input: InputSpec): PartConfig {
  if (input.kind === "bag") return bagOfWords({ hidden: HIDDEN });
  return input.shape.length === 3 ? conv() : mlp({ hidden: HIDDEN });
}

/**
 * The recipe of a data set if a folder has one, else the default one.
 *
 * @throws {DataFormatError} if the file is no recipe of this data set
 */
export async function recipeOrDefault(
  name: string,
  train: Dataset,
  folder: string = RECIPES_DIR,
): Promise<Recipe> {
  const known = await readIfThere(join(folder, `${name}.json`));
  return known === undefined ? defaultRecipe(name, train) : readRecipe(name, folder);
}

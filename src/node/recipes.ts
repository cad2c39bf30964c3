/**
 * Recipes: what every method on one data set shares (encoders, sizes, budget), and for each method the learning rate and
 * the epoch that `tune` found on validation data. They are JSON files that are kept under version control.
 */
import { fileURLToPath } from "node:url";
import type { PartConfig } from "../config/part.ts";
import type { Sampling } from "../data/sampling.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import type { EncoderTuning } from "../encoders/tuning.ts";
import { DataFormatError, OptionError } from "../engine/errors.ts";
import { type MethodDefinition, trainsItself } from "../methods/method.ts";
import type { RecipeRecord } from "../report/records.ts";
import { readIfThere } from "./read-if-there.ts";
import { writeWhole } from "./write-whole.ts";

export const RECIPE_FORMAT = "altermodal-recipe-1";

/** Where the recipes of this package lie. */
export const RECIPES_DIR: string = fileURLToPath(new URL("../../recipes/", import.meta.url));

/** Equal for all methods: encoders and budget. */
export interface SharedTraining {
  readonly encoders: Readonly<Record<string, PartConfig>>;
  readonly dim: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Its rate is that of methods without a search. */
  readonly optimizer: PartConfig;
  /** Largest norm of the gradient of one optimizer step; 0: no limit. */
  readonly clip: number;
  readonly schedule?: PartConfig;
  /** Which samples an epoch goes through; default: every one, shuffled. */
  readonly sampling?: Sampling["sampling"];
  readonly samplingWeights?: Sampling["samplingWeights"];
  /** By modality: what is done at random to training samples. */
  readonly augment?: Readonly<Record<string, PartConfig>>;
  readonly labelSmoothing?: number;
  /** How many last epochs' ends are averaged. */
  readonly average?: number;
  /** By modality: which weights are trained, and how fast. */
  readonly tuning?: Readonly<Record<string, Partial<EncoderTuning>>>;
}

/** Data as they are expected to be. */
export interface RecipeExpectation {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** Samples of the training part; null: not known. */
  readonly samples: number | null;
  readonly classes: number;
}

/** How the methods' rates and epochs were searched for. */
export interface RecipeSearch {
  readonly command: string;
  readonly dataHash: string;
  readonly learningRates: readonly number[];
  readonly seeds: readonly number[];
}

export interface Recipe {
  readonly format: typeof RECIPE_FORMAT;
  readonly data: string;
  readonly training: SharedTraining;
  /** Where the settings are from. */
  readonly source?: string;
  /** What the data are, for what is said before they are there. */
  readonly expects?: RecipeExpectation;
  readonly search: RecipeSearch | null;
  readonly methods: readonly RecipeRecord[];
}

function recipePath(folder: string, data: string): string {
  return `${folder.replace(/\/$/, "")}/${data}.json`;
}

/** Whether there is a file for data of this name. */
export async function recipeExists(data: string, folder: string): Promise<boolean> {
  return !/[/\\]/.test(data) && (await readIfThere(recipePath(folder, data))) !== undefined;
}

/**
 * Reads the recipe of a data set.
 *
 * @throws {OptionError} if there is none
 * @throws {DataFormatError} if the file is no recipe of this data set
 */
export async function readRecipe(data: string, folder: string = RECIPES_DIR): Promise<Recipe> {
  const path = recipePath(folder, data);
  const bytes = await readIfThere(path);
  if (bytes === undefined) {
    throw new OptionError(`recipe: Cannot find ${path}: expected a recipe for data "${data}"`);
  }
  const recipe = parseRecipe(path, bytes) as Recipe;
  if (recipe?.format !== RECIPE_FORMAT || recipe.data !== data) {
    throw new DataFormatError(
      `${path}: Cannot read the recipe: expected format "${RECIPE_FORMAT}" for data "${data}", got "${recipe?.format}" for "${recipe?.data}"`,
    );
  }
  if (!(recipe.training?.encoders && recipe.training.optimizer && Array.isArray(recipe.methods))) {
    throw new DataFormatError(
      `${path}: Cannot read the recipe: expected "training" with encoders and optimizer, and a list of "methods", got other JSON`,
    );
  }
  return recipe;
}

/** @throws {DataFormatError} if a file is no JSON */
export function parseRecipe(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new DataFormatError(
      `${path}: Cannot read the recipe: expected JSON, got: ${(error as Error).message}`,
    );
  }
}

/** Writes a recipe where {@link readRecipe} finds it. */
export async function writeRecipe(recipe: Recipe, folder: string = RECIPES_DIR): Promise<string> {
  const path = recipePath(folder, recipe.data);
  const { methods, ...head } = recipe;
  // One line per trial, so that a new search reads as a table in a diff.
  const tables = methods.map(({ method, selected, grid, command }) => {
    const trials = grid.map((trial) => `        ${JSON.stringify(trial)}`).join(",\n");
    return `    {\n      "method": ${JSON.stringify(method)},\n${command === undefined ? "" : `      "command": ${JSON.stringify(command)},\n`}      "selected": ${JSON.stringify(selected)},\n      "grid": [\n${trials}\n      ]\n    }`;
  });
  const open = JSON.stringify(head, null, 2).replace(/\n}$/, "");
  await writeWhole(path, `${open},\n  "methods": [\n${tables.join(",\n")}\n  ]\n}\n`);
  return path;
}

/** Name of the method that is searched for: one whose first stage is all of it has the rate and epoch of that stage. */
export function tunedName(
  definition: Pick<MethodDefinition, "name" | "startsFrom" | "firstStage">,
): string {
  const { name, startsFrom } = definition;
  return trainsItself(definition) ? name : (startsFrom?.name ?? name);
}

/** What the search found for a method, or for the one that it starts from. */
export function tunedFor(
  recipe: Recipe,
  definition: Pick<MethodDefinition, "name" | "startsFrom" | "firstStage">,
): RecipeRecord | undefined {
  return recipe.methods.find(({ method }) => method === tunedName(definition));
}

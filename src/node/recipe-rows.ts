/**
 * Rows of a paper's table: a data set's recipe with one method and what is special to it. `crema-d/mla` lies in
 * `crema-d/mla.json` beside `crema-d.json`; a data set's name alone is its recipe with the default method.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { bindPart, type PartConfig } from "../config/part.ts";
import { planEncoder } from "../encoders/plan.ts";
import { DataFormatError, formatNames, OptionError } from "../engine/errors.ts";
import { ALL_PARTS } from "../train/all-parts.ts";
import { readIfThere } from "./read-if-there.ts";
import {
  parseRecipe,
  RECIPES_DIR,
  type Recipe,
  type RecipeExpectation,
  readRecipe,
  type SharedTraining,
} from "./recipes.ts";

const FORMAT = "altermodal-row-1";

/** Work of a training step in forward passes: forward once, backward twice. */
const PASSES_PER_STEP = 3;

interface RowFile {
  readonly format: typeof FORMAT;
  readonly source: string;
  readonly command: string;
  readonly method: PartConfig;
  /** Name of the prepared data, where they are a variant of the set. */
  readonly data?: string;
  /** What differs from the data set's recipe. */
  readonly training?: Partial<SharedTraining>;
  readonly expects?: Partial<RecipeExpectation>;
}

export interface RecipeRow {
  readonly name: string;
  readonly recipe: Recipe;
  /** Null: the default. */
  readonly method: PartConfig | null;
  readonly source: string;
}

/**
 * Reads a row by its name, `DATA/ROW` or `DATA`.
 *
 * @throws {OptionError} that lists the rows if there is none of this name
 * @throws {DataFormatError} if a file is no recipe
 */
export async function readRow(name: string, folder: string = RECIPES_DIR): Promise<RecipeRow> {
  const [data = "", row] = name.split("/");
  const names = listRows(folder);
  if (!names.includes(name)) {
    const own = names.filter((other) => other.startsWith(`${data}/`));
    throw new OptionError(
      `recipe: Cannot find "${name}": expected one of ${formatNames(own.length > 0 ? own : names.filter((other) => !other.includes("/")))}`,
    );
  }
  const recipe = await readRecipe(data, folder);
  if (row === undefined) return { name, recipe, method: null, source: recipe.source ?? "" };
  const path = join(folder, `${name}.json`);
  const file = parseRecipe(path, (await readIfThere(path)) ?? new Uint8Array(0)) as RowFile | null;
  if (file?.format !== FORMAT || typeof file.method?.name !== "string") {
    throw new DataFormatError(
      `${path}: Cannot read the recipe: expected format "${FORMAT}" with a method, got "${file?.format}"`,
    );
  }
  const { source, method, data: variant, training, expects } = file;
  const merged: Recipe = {
    ...recipe,
    data: variant ?? recipe.data,
    training: { ...recipe.training, ...training },
    ...(recipe.expects && { expects: { ...recipe.expects, ...expects } }),
  };
  // A row with settings of its own says itself where they are from.
  const settings = training === undefined && recipe.source ? `; settings: ${recipe.source}` : "";
  return {
    name,
    recipe: merged,
    method: { name: method.name, options: method.options ?? {} },
    source: source + settings,
  };
}

/** Name of a row's method, if there is such a row: what its flags depend on is known before anything is read in earnest. */
export function methodOfRow(name: string, folder: string = RECIPES_DIR): string | undefined {
  if (!listRows(folder).includes(name)) return undefined;
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")).method?.name;
  } catch {
    // Reading it in earnest tells what is wrong.
    return undefined;
  }
}

/** Names of all rows and recipes. */
export function listRows(folder: string = RECIPES_DIR): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name.slice(0, -".json".length))))
    .map((path) => path.split(sep).join("/"))
    .sort();
}

export interface ExpectedCost {
  /** Weights of all encoders. */
  readonly size: number;
  /** Of one training step, per sample: forward and backward. */
  readonly flopsPerSample: number;
  /** Of the whole training; null where the number of samples is not known. */
  readonly flops: number | null;
}

/** What the encoders of a recipe cost, by our own count; null if the recipe does not say what the data are. */
export function expectedCost({ training, expects }: Recipe): ExpectedCost | null {
  if (expects === undefined) return null;
  const plans = Object.entries(expects.inputs).map(([m, input]) => {
    const config = training.encoders[m];
    if (config === undefined) {
      throw new DataFormatError(
        `recipe: Cannot count the cost: expected an encoder for modality "${m}", got none`,
      );
    }
    return planEncoder(m, bindPart("encoder", config, ALL_PARTS), input, training.dim);
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const flopsPerSample = PASSES_PER_STEP * sum(plans.map(({ flops }) => flops));
  const { samples } = expects;
  return {
    size: sum(plans.map(({ size }) => size)),
    flopsPerSample,
    flops: samples === null ? null : flopsPerSample * samples * training.epochs,
  };
}

/** The expected cost in words; a row without expectations costs what its data make of it. */
export function describeExpectedCost(recipe: Recipe): string {
  const cost = expectedCost(recipe);
  if (cost === null) return "cost: as the data are";
  const { epochs } = recipe.training;
  const perSample = `${(cost.size / 1e6).toFixed(1)} million weights in the encoders, ${(cost.flopsPerSample / 1e9).toPrecision(3)} GFLOP per sample and step`;
  return cost.flops === null
    ? `cost: ${perSample}, ${epochs} epochs`
    : `cost: ${perSample} x ${recipe.expects?.samples} samples x ${epochs} epochs = ${(cost.flops / 1e15).toPrecision(3)} PFLOP`;
}

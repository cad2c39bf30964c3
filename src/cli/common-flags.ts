/** Flags that several commands have. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { flag, integer, number, type OptionSpecs } from "../config/options.ts";
import { findPart, type PartConfig } from "../config/part.ts";
import { METHODS } from "../methods/registry.ts";
import { DEFAULT_CACHE_DIR } from "../node/data-cache.ts";
import { NODE_DATASETS } from "../node/datasets/index.ts";
import { RECIPES_DIR } from "../node/recipes.ts";
import { type FlagSpecs, maybe, text } from "./flags.ts";

export const DATA_FLAGS = {
  data: text(Object.keys(NODE_DATASETS).join("|"), "emoji", "data set"),
  cache: text("DIR", DEFAULT_CACHE_DIR, "prepared data, and the ledger of test openings"),
};

export const BUDGET_FLAGS = {
  epochs: maybe(integer(1, "epochs of each training, instead of the recipe's", { min: 1 })),
  rate: maybe(number(0, "learning rate of every method, instead of the recipe's", { min: 0 })),
};

export const WORK_FLAGS = {
  workers: integer(availableParallelism(), "threads; 0: no threads beside this one", { max: 256 }),
  json: flag(false, "one JSON object per line on standard output"),
};

export const RECIPE_FLAG = {
  recipes: text("DIR", null, "folder of recipes, instead of those of the package"),
};

export function recipesDir(given: string | null): string {
  return given ?? RECIPES_DIR;
}

/** The options of methods as flags, by default of all: `--mla.alpha`. */
export function methodFlags(names: readonly string[] = Object.keys(METHODS)): FlagSpecs {
  return Object.fromEntries(
    names.flatMap((name) =>
      Object.entries(findPart("method", METHODS, name).options as OptionSpecs).map(
        ([option, spec]) => [`${name}.${option}`, spec],
      ),
    ),
  );
}

/** A method by name with the options that were given as `--NAME.OPTION`. @throws {OptionError} if there is none */
export function configureMethod(
  name: string,
  flags: Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
  prefix = `${name}.`,
): PartConfig {
  const { options } = findPart("method", METHODS, name);
  const set = Object.keys(options as OptionSpecs).filter((option) => given.has(prefix + option));
  return {
    name,
    options: Object.fromEntries(set.map((option) => [option, flags[prefix + option]])),
  };
}

/** The value of one text flag before all flags are known. */
export function peekFlag(argv: readonly string[], name: string): string | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: { [name]: { type: "string" } },
    strict: false,
    allowPositionals: true,
  });
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

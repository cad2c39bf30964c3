/** Flags that several commands have. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { flag, integer, number, type OptionSpecs } from "../config/options.ts";
import { findPart, type PartConfig } from "../config/part.ts";
import { OptionError } from "../engine/errors.ts";
import { METHODS } from "../methods/registry.ts";
import { DEFAULT_CACHE_DIR, DEFAULT_MEMORY } from "../node/data-cache.ts";
import { NODE_DATASETS } from "../node/datasets/index.ts";
import { RECIPES_DIR } from "../node/recipes.ts";
import type { TrainingChanges } from "../node/runs/plan.ts";
import { buildSchedule, SCHEDULES } from "../optim/index.ts";
import { type FlagSpecs, type FlagValues, maybe, text } from "./flags.ts";

const GIB = 2 ** 30;

export const CACHE_FLAGS = {
  cache: text("DIR", DEFAULT_CACHE_DIR, "prepared data, and the ledger of test openings"),
  ram: number(DEFAULT_MEMORY / GIB, "GiB of values in memory at most; the rest is streamed", {
    min: 0,
  }),
};

export const DATA_FLAGS = {
  data: text(Object.keys(NODE_DATASETS).join("|"), "emoji", "data set"),
  ...CACHE_FLAGS,
};

/** Where data are kept prepared, and how much of them in memory. */
export function placeOf({ cache, ram }: FlagValues<typeof CACHE_FLAGS>) {
  return { cacheDir: cache, memory: ram * GIB };
}

export const BUDGET_FLAGS = {
  epochs: maybe(integer(1, "epochs of each training, instead of the recipe's", { min: 1 })),
  rate: maybe(number(0, "learning rate of every method, instead of the recipe's", { min: 0 })),
};

/** How the loop trains, for every method alike. */
export const LOOP_FLAGS = {
  smoothing: maybe(number(0, "label smoothing, instead of the recipe's", { min: 0, max: 0.99 })),
  average: maybe(integer(1, "the model is the mean over the ends of N last epochs", { min: 1 })),
  schedule: text(Object.keys(SCHEDULES).join("|"), null, "learning rate over the run"),
  warmup: maybe(number(0, "share of the run in which the rate climbs", { min: 0, max: 0.9 })),
};

/** What the flags change about a recipe. @throws {OptionError} for an unknown schedule, or one without a warm-up */
export function changesOf(
  flags: FlagValues<typeof BUDGET_FLAGS> & FlagValues<typeof LOOP_FLAGS>,
): TrainingChanges {
  const { average, epochs, rate, schedule, smoothing, warmup } = flags;
  const given = warmup === undefined ? {} : { warmup };
  if (schedule === null && warmup !== undefined) {
    throw new OptionError(
      `run: Cannot set option "--warmup": expected a --schedule that has it, got none`,
    );
  }
  const part = schedule === null ? undefined : { name: schedule, options: given };
  if (part !== undefined) buildSchedule(part);
  return { epochs, learningRate: rate, labelSmoothing: smoothing, average, schedule: part };
}

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

import { join } from "node:path";
import { flag, integer, type OptionSpecs } from "../../config/options.ts";
import { OptionError } from "../../engine/errors.ts";
import { METHODS } from "../../methods/registry.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { findDataset, hasDataset, loadData, prepareCommand } from "../../node/load-data.ts";
import { describeExpectedCost, methodOfRow, readRow } from "../../node/recipe-rows.ts";
import { checkPlan } from "../../node/runs/check-plan.ts";
import { createJobPool } from "../../node/runs/job-pool.ts";
import { planCells } from "../../node/runs/plan.ts";
import {
  describeWeights,
  findWeightFiles,
  readStartWeights,
} from "../../node/runs/start-weights.ts";
import { trainCells } from "../../node/runs/train-cells.ts";
import { inputSpecs } from "../../train/model-spec.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  configureMethod,
  DATA_FLAGS,
  peekFlag,
  placeOf,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { type FlagSpecs, list, maybe, text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";
import { SAMPLING_FLAGS, withSampling } from "../sampling-flags.ts";
import { TUNING_FLAGS, tuningOf } from "../tuning-flags.ts";

const DEFAULT_METHOD = "mla";

export const train = defineCommand({
  name: "train",
  title: "train one method",
  flags: {
    ...DATA_FLAGS,
    config: text("NAME", null, "data and method of a recipe: crema-d/mla; flags go first"),
    method: text(Object.keys(METHODS).join("|"), DEFAULT_METHOD, "how it is trained"),
    seed: integer(0, "where all random numbers come from", { max: 0xffffffff }),
    ...BUDGET_FLAGS,
    ...SAMPLING_FLAGS,
    limit: maybe(integer(1, "samples of each part, to try a configuration out", { min: 1 })),
    weights: list("MODALITY=FILE", [], "trained weights (safetensors) that encoders begin with"),
    name: text("NAME", null, "name of the run; default: after data and method"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the run of this name, or with the latest one"),
    json: WORK_FLAGS.json,
    ...RECIPE_FLAG,
  },
  moreFlags: methodFlags,
  async run({ flags, given, io }) {
    if (flags.config === null) findDataset(flags.data, flags.cache);
    const row =
      flags.config === null ? null : await readRow(flags.config, recipesDir(flags.recipes));
    const found =
      row?.recipe ?? (await chooseRecipe(flags.data, recipesDir(flags.recipes), flags.cache));
    const whole = withSampling(found, flags, given);
    const tuning = tuningOf(flags, whole.training.tuning);
    const recipe = { ...whole, training: { ...whole.training, ...(tuning && { tuning }) } };
    const methodName =
      row === null || given.has("method") ? flags.method : (row.method?.name ?? DEFAULT_METHOD);
    const chosen = configureMethod(methodName, flags, given, "");
    const ofRow = row?.method?.name === methodName ? row.method.options : {};
    const method = { ...chosen, options: { ...ofRow, ...chosen.options } };
    const base = `${recipe.data}-${methodName}`;
    if (row !== null && !flags.json) {
      io.out(
        `${[row.name, row.source].filter(Boolean).join(": ")}\n${describeExpectedCost(recipe)}\n`,
      );
    }
    requireDataset(recipe.data, flags.cache);
    const name = chooseRunName(flags.runs, base, flags.name, flags.resume);
    const folder = join(flags.runs, name, "cells");
    const progress = createProgress(io, flags.json);
    const data = {
      name: recipe.data,
      ...placeOf(flags),
      ...(flags.limit !== undefined && { limit: flags.limit }),
    };
    const onProgress = (message: string) => progress.onEvent({ type: "message", text: message });
    const loaded = await loadData(recipe.data, { ...data, onProgress });
    const weights = await findWeightFiles(flags.weights);
    const inputs = inputSpecs(loaded.train);
    const { initial, reports } = await readStartWeights(weights, recipe.training, inputs);
    for (const [m, report] of Object.entries(reports)) onProgress(describeWeights(m, report));
    const { cells, asked } = planCells({
      data,
      dataHash: loaded.manifest.dataHash,
      recipe,
      changes: { epochs: flags.epochs, learningRate: flags.rate },
      methods: [method],
      seeds: [flags.seed],
      ...(flags.weights.length > 0 && { weights }),
      folder,
      resume: flags.resume,
    });
    await checkPlan(cells, asked, loaded, flags.weights.length > 0 ? initial : undefined);
    const pool = createJobPool(0, io.signal);
    const { records, failures } = await trainCells(cells, pool, {
      signal: io.signal,
      onEvent: progress.onEvent,
    }).finally(progress.end);
    for (const { key } of asked) {
      const cellFolder = join(folder, key);
      const epoch = records.get(key)?.selectedEpoch ?? null;
      if (flags.json) io.out(`${JSON.stringify({ event: "end", run: cellFolder, epoch })}\n`);
      else if (epoch !== null) io.out(`Trained, epoch ${epoch} kept: ${cellFolder}\n`);
    }
    for (const error of failures.values()) io.err(`error: ${error.message}\n`);
    return failures.size > 0 ? 1 : 0;
  },
});

/** @throws {OptionError} that says how the data are prepared */
function requireDataset(data: string, cacheDir: string): void {
  if (hasDataset(data, cacheDir)) return;
  throw new OptionError(
    `train: Cannot find data "${data}": expected them prepared, got none; run: ${prepareCommand(data)}`,
  );
}

/** The options of the method that `--method` or the recipe names; flags of the command itself go first. */
function methodFlags(argv: readonly string[]): FlagSpecs {
  const row = peekFlag(argv, "config");
  const folder = recipesDir(peekFlag(argv, "recipes") ?? null);
  const name = peekFlag(argv, "method") ?? (row && methodOfRow(row, folder)) ?? DEFAULT_METHOD;
  const options: OptionSpecs = Object.hasOwn(METHODS, name) ? (METHODS[name]?.options ?? {}) : {};
  return { ...options, ...TUNING_FLAGS };
}

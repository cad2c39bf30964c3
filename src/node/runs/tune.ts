import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findPart, type PartConfig } from "../../config/part.ts";
import { METHODS } from "../../methods/registry.ts";
import type { CellRecord, RecipeRecord } from "../../report/index.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import { loadData } from "../load-data.ts";
import { type Recipe, tunedName } from "../recipes.ts";
import { type DataChoice, identityHash } from "./cell-job.ts";
import { checkPlan } from "./check-plan.ts";
import { createJobPool } from "./job-pool.ts";
import { describeMethod, trainingFor } from "./plan.ts";
import type { RunHooks } from "./run-events.ts";
import { type PlannedCell, trainCells } from "./train-cells.ts";

export interface SearchPlan {
  readonly data: DataChoice;
  readonly recipe: Recipe;
  readonly methods: readonly PartConfig[];
  readonly learningRates: readonly number[];
  readonly epochs: number | undefined;
  readonly seeds: readonly number[];
  /** Where trainings are kept while the search goes on. */
  readonly folder: string;
  readonly resume: boolean;
  readonly workers: number;
  readonly command: string;
}

/**
 * Searches learning rate and epoch of each method on validation data, the same grid for all; the test part stays shut.
 * A method that another's training is all of is that method here; one that only starts from it is searched for when that
 * one has been, and finds it trained with what was found.
 *
 * @returns the recipe with what was found; findings for methods that were not searched for stay as long as the budget does
 * @throws the signal's reason if stopped; another call with `resume` goes on
 * @throws {OptionError | DataError} for what cannot be trained; nothing is trained then
 */
export async function tune(plan: SearchPlan, hooks: RunHooks): Promise<Recipe> {
  const data = await loadData(plan.data.name, plan.data);
  const { dataHash } = data.manifest;
  const epochs = plan.epochs ?? plan.recipe.training.epochs;
  const names = [
    ...new Set(plan.methods.map(({ name }) => tunedName(findPart("method", METHODS, name)))),
  ];
  const sameBudget = epochs === plan.recipe.training.epochs;
  let recipe: Recipe = {
    ...plan.recipe,
    training: { ...plan.recipe.training, epochs },
    methods: sameBudget ? plan.recipe.methods : [],
  };
  const startsAfresh = (name: string) => METHODS[name]?.startsFrom === undefined;
  const waves = [names.filter(startsAfresh), names.filter((name) => !startsAfresh(name))];
  for (const wave of waves) {
    // Without folders: what first stages will be trained by is found in the wave before.
    const cells = planTrials(plan, recipe, dataHash, wave);
    const jobs = cells.map(({ job, ...cell }) => ({ ...cell, job: { ...job, folder: null } }));
    await checkPlan(jobs, [], data);
  }
  const pool = createJobPool(plan.workers, hooks.signal);
  try {
    for (const wave of waves) {
      const cells = planTrials(plan, recipe, dataHash, wave);
      const { records } = await trainCells(cells, pool, hooks);
      hooks.signal.throwIfAborted();
      const found = wave.map((name) => search(name, plan, epochs, records));
      recipe = withFindings(recipe, found, plan, dataHash);
    }
  } finally {
    await pool.close();
  }
  await rm(plan.folder, { recursive: true, force: true });
  return recipe;
}

/** Every (method, rate, seed), after the trainings that they start from. */
function planTrials(
  plan: SearchPlan,
  recipe: Recipe,
  dataHash: string,
  names: readonly string[],
): PlannedCell[] {
  const { epochs } = recipe.training;
  const cells = new Map<string, PlannedCell>();
  const add = (name: string, seed: number, rate: number | undefined): PlannedCell => {
    const key = rate === undefined ? `first stage ${name} ${seed}` : cellKey(name, rate, seed);
    const known = cells.get(key);
    if (known !== undefined) return known;
    const source = METHODS[name]?.startsFrom;
    const first = source === undefined ? undefined : add(source.name, seed, undefined);
    const method = describeMethod({ name, options: {} });
    const label = rate === undefined ? name : `${name} rate=${rate}`;
    const cell: PlannedCell = {
      key,
      after: first?.key ?? null,
      epochs,
      job: {
        kind: "train",
        data: plan.data,
        dataHash,
        method: { ...method, label },
        seed,
        ...trainingFor(recipe, method, { epochs, learningRate: rate }),
        folder: join(plan.folder, key.replaceAll(" ", "-")),
        startFrom: first
          ? { folder: first.job.folder as string, identity: identityHash(first.job) }
          : null,
        resume: plan.resume,
      },
    };
    cells.set(key, cell);
    return cell;
  };
  for (const name of names) {
    for (const rate of plan.learningRates) {
      for (const seed of plan.seeds) add(name, seed, rate);
    }
  }
  return [...cells.values()];
}

/** What was found stands beside what was found before; each finding keeps the command that it came from. */
function withFindings(
  recipe: Recipe,
  found: readonly RecipeRecord[],
  { command, learningRates, seeds }: SearchPlan,
  dataHash: string,
): Recipe {
  const names = new Set(found.map(({ method }) => method));
  const kept = recipe.methods
    .filter(({ method }) => !names.has(method))
    .map((record) => ({ command: recipe.search?.command ?? command, ...record }));
  return {
    ...recipe,
    search: { command, dataHash, learningRates, seeds },
    methods: [...kept, ...found.map((record) => ({ ...record, command }))],
  };
}

function search(
  name: string,
  { learningRates, seeds }: SearchPlan,
  epochs: number,
  records: ReadonlyMap<string, CellRecord>,
): RecipeRecord {
  return choose(
    name,
    learningRates.map((learningRate) => ({
      learningRate,
      ...bestEpoch(
        seeds.map((seed) => records.get(cellKey(name, learningRate, seed))),
        epochs,
      ),
    })),
  );
}

function cellKey(method: string, rate: number, seed: number): string {
  return `${method} ${rate} ${seed}`;
}

/** The epoch with the highest mean over seeds; a training that failed counts as 0. */
function bestEpoch(
  records: readonly (CellRecord | undefined)[],
  epochs: number,
): { accuracy: number; epoch: number } {
  let best = { accuracy: 0, epoch: 1 };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    // The last ones: those of a first stage come before.
    const scores = records.map((record) =>
      validationAccuracy(record?.epochs.slice(-epochs)[epoch - 1]),
    );
    const accuracy = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    if (accuracy > best.accuracy) best = { accuracy, epoch };
  }
  return best;
}

/** What an epoch is judged by: fused, or the mean of the modalities where nothing is fused. */
function validationAccuracy(record: EpochRecord | undefined): number {
  const validation = record?.validation;
  if (!validation || record.trial) return 0;
  if (validation.fused !== null) return validation.fused.accuracy;
  const all = Object.values(validation.modalities).map(({ accuracy }) => accuracy);
  return all.reduce((sum, accuracy) => sum + accuracy, 0) / all.length;
}

function choose(method: string, grid: RecipeRecord["grid"]): RecipeRecord {
  const { learningRate, epoch } = grid.reduce((best, row) =>
    row.accuracy > best.accuracy ? row : best,
  );
  return { method, grid, selected: { learningRate, epoch } };
}

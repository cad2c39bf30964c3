import { findPart, type PartConfig } from "../../config/part.ts";
import { METHODS } from "../../methods/registry.ts";
import type { CellRecord, RecipeRecord } from "../../report/index.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import { loadData } from "../load-data.ts";
import { type Recipe, tunedName } from "../recipes.ts";
import type { DataChoice } from "./cell-job.ts";
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
  readonly workers: number;
  readonly command: string;
}

/**
 * Searches learning rate and epoch of each method on validation data, the same grid for all; the test part stays shut.
 * A method that starts from another's parameters is that method here.
 *
 * @returns the recipe with what was found; findings for methods that were not searched for stay as long as the budget does
 * @throws the signal's reason if stopped
 */
export async function tune(plan: SearchPlan, hooks: RunHooks): Promise<Recipe> {
  const { manifest } = await loadData(plan.data.name, plan.data);
  const epochs = plan.epochs ?? plan.recipe.training.epochs;
  const training = { ...plan.recipe.training, epochs };
  const untuned: Recipe = { ...plan.recipe, training, methods: [] };
  const names = [
    ...new Set(plan.methods.map(({ name }) => tunedName(findPart("method", METHODS, name)))),
  ];
  const methods = names.map((name) => describeMethod({ name, options: {} }));
  const cells = methods.flatMap((method) =>
    plan.learningRates.flatMap((learningRate) =>
      plan.seeds.map((seed): PlannedCell => {
        const label = `${method.name} rate=${learningRate}`;
        return {
          key: cellKey(method.name, learningRate, seed),
          after: null,
          epochs,
          job: {
            kind: "train",
            data: plan.data,
            dataHash: manifest.dataHash,
            method: { ...method, label },
            seed,
            ...trainingFor(untuned, method, { learningRate }),
            folder: null,
            startFrom: null,
            resume: false,
          },
        };
      }),
    ),
  );
  const pool = createJobPool(plan.workers, hooks.signal);
  try {
    const { records } = await trainCells(cells, pool, hooks);
    hooks.signal.throwIfAborted();
    const found = names.map((name) =>
      choose(
        name,
        plan.learningRates.map((learningRate) => ({
          learningRate,
          ...bestEpoch(
            plan.seeds.map((seed) => records.get(cellKey(name, learningRate, seed))),
            epochs,
          ),
        })),
      ),
    );
    const sameBudget = epochs === plan.recipe.training.epochs;
    const kept = sameBudget
      ? plan.recipe.methods.filter(({ method }) => !names.includes(method))
      : [];
    return {
      ...untuned,
      search: {
        command: plan.command,
        dataHash: manifest.dataHash,
        learningRates: plan.learningRates,
        seeds: plan.seeds,
      },
      methods: [...kept, ...found],
    };
  } finally {
    await pool.close();
  }
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
  if (!validation) return 0;
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

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPart, type PartConfig } from "../../config/part.ts";
import { METHODS } from "../../methods/registry.ts";
import type { CellRecord, MethodRecord, RecipeRecord } from "../../report/index.ts";
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
 * A method that another's training is all of is that method here; one that only starts from it finds it trained by the
 * recipe so far.
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
  const scratch = await mkdtemp(join(tmpdir(), "altermodal-tune-"));
  const first = new Map<string, PlannedCell>();
  const jobOf = (method: MethodRecord, seed: number, by: Recipe, rate?: number) => ({
    kind: "train" as const,
    data: plan.data,
    dataHash: manifest.dataHash,
    method,
    seed,
    ...trainingFor(by, method, { epochs, learningRate: rate }),
    resume: false,
  });
  const firstStage = (name: string, seed: number): PlannedCell | null => {
    const source = findPart("method", METHODS, name).startsFrom;
    if (source === undefined) return null;
    const key = `first stage ${source.name} ${seed}`;
    const method = describeMethod({ name: source.name, options: {} });
    const job = jobOf(method, seed, plan.recipe);
    const cell = first.get(key) ?? {
      key,
      after: null,
      epochs,
      job: { ...job, folder: join(scratch, `${source.name}-${seed}`), startFrom: null },
    };
    first.set(key, cell);
    return cell;
  };
  const trials = methods.flatMap((method) =>
    plan.learningRates.flatMap((learningRate) =>
      plan.seeds.map((seed): PlannedCell => {
        const source = firstStage(method.name, seed);
        const label = `${method.name} rate=${learningRate}`;
        const job = jobOf({ ...method, label }, seed, untuned, learningRate);
        return {
          key: cellKey(method.name, learningRate, seed),
          after: source?.key ?? null,
          epochs,
          job: { ...job, folder: null, startFrom: source?.job.folder ?? null },
        };
      }),
    ),
  );
  const cells = [...first.values(), ...trials];
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
    await rm(scratch, { recursive: true, force: true });
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

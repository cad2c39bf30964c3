import { join } from "node:path";
import { flag, integer, type OptionSpecs } from "../../config/options.ts";
import { METHODS } from "../../methods/registry.ts";
import { findDataset, loadData } from "../../node/load-data.ts";
import { readRecipe } from "../../node/recipes.ts";
import { createJobPool } from "../../node/runs/job-pool.ts";
import { planCells } from "../../node/runs/plan.ts";
import { trainCells } from "../../node/runs/train-cells.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  configureMethod,
  DATA_FLAGS,
  peekFlag,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { type FlagSpecs, text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";

const DEFAULT_METHOD = "mla";

export const train = defineCommand({
  name: "train",
  title: "train one method",
  flags: {
    ...DATA_FLAGS,
    method: text(Object.keys(METHODS).join("|"), DEFAULT_METHOD, "how it is trained"),
    seed: integer(0, "where all random numbers come from", { max: 0xffffffff }),
    ...BUDGET_FLAGS,
    name: text("NAME", null, "name of the run; default: after data and method"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the run of this name, or with the latest one"),
    json: WORK_FLAGS.json,
    ...RECIPE_FLAG,
  },
  moreFlags: methodFlags,
  async run({ flags, given, io }) {
    findDataset(flags.data);
    const method = configureMethod(flags.method, flags, given, "");
    const recipe = await readRecipe(flags.data, recipesDir(flags.recipes));
    const base = `${flags.data}-${flags.method}`;
    const name = chooseRunName(flags.runs, base, flags.name, flags.resume);
    const folder = join(flags.runs, name, "cells");
    const progress = createProgress(io, flags.json);
    const data = { name: flags.data, cacheDir: flags.cache };
    const onProgress = (message: string) => progress.onEvent({ type: "message", text: message });
    const { manifest } = await loadData(flags.data, { ...data, onProgress });
    const { cells, asked } = planCells({
      data,
      dataHash: manifest.dataHash,
      recipe,
      changes: { epochs: flags.epochs, learningRate: flags.rate },
      methods: [method],
      seeds: [flags.seed],
      folder,
      resume: flags.resume,
    });
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

/** The options of the method that `--method` names; flags of the command itself go first. */
function methodFlags(argv: readonly string[]): FlagSpecs {
  const name = peekFlag(argv, "method") ?? DEFAULT_METHOD;
  const options: OptionSpecs = Object.hasOwn(METHODS, name) ? (METHODS[name]?.options ?? {}) : {};
  return options;
}

import { join } from "node:path";
import { flag, integer } from "../../config/options.ts";
import { METHODS } from "../../methods/registry.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { findDataset } from "../../node/load-data.ts";
import { compare as runComparison } from "../../node/runs/compare.ts";
import { renderTextTable, summarise } from "../../report/index.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  changesOf,
  configureMethod,
  DATA_FLAGS,
  LOOP_FLAGS,
  methodFlags,
  placeOf,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { list, text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";
import { SAMPLING_FLAGS, withSampling } from "../sampling-flags.ts";
import { renderValidationTable } from "../validation-table.ts";

const METHODS_BY_DEFAULT = ["unimodal", "ume", "late", "sum", "concat", "mla"];

export const compare = defineCommand({
  name: "compare",
  title: "train methods on equal terms, judge them on the test part and write a report",
  flags: {
    ...DATA_FLAGS,
    methods: list("NAME", METHODS_BY_DEFAULT, "what is compared"),
    seeds: integer(3, "number of seeds: 0, 1, ...", { min: 1, max: 1000 }),
    quick: flag(false, "one seed"),
    ...BUDGET_FLAGS,
    ...SAMPLING_FLAGS,
    ...LOOP_FLAGS,
    name: text("NAME", null, "name of the run; default: after the data"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the run of this name, or with the latest one"),
    "no-test": flag(false, "leave the test part shut"),
    ...WORK_FLAGS,
    ...RECIPE_FLAG,
  },
  moreFlags: () => methodFlags(),
  shownFlags: (argv) => methodFlags(argv.filter((word) => Object.hasOwn(METHODS, word))),
  hint: "altermodal compare --help METHOD shows the options of a method, as --METHOD.OPTION.",
  async run({ flags, given, commandLine, io }) {
    const { data, quick, resume, json } = flags;
    findDataset(data, flags.cache);
    const methods = flags.methods.map((method) => configureMethod(method, flags, given));
    const found = await chooseRecipe(data, recipesDir(flags.recipes), flags.cache);
    const recipe = withSampling(found, flags, given);
    const base = `${data}${quick ? "-quick" : ""}`;
    const name = chooseRunName(flags.runs, base, flags.name, resume);
    const seeds = quick && !given.has("seeds") ? 1 : flags.seeds;
    const progress = createProgress(io, json);
    const result = await runComparison(
      {
        name,
        folder: join(flags.runs, name),
        data: { name: data, ...placeOf(flags) },
        recipe,
        changes: changesOf(flags),
        methods,
        seeds: Array.from({ length: seeds }, (_, i) => i),
        resume,
        workers: flags.workers,
        test: !flags["no-test"],
        command: commandLine,
      },
      { signal: io.signal, onEvent: progress.onEvent },
    ).finally(progress.end);
    const { record, reportPath, failures } = result;
    if (json) {
      const end = { event: "end", report: reportPath, summary: summarise(record) };
      io.out(`${JSON.stringify(end)}\n`);
    } else {
      const tested = record.cells.some(({ test }) => test !== null);
      const table = tested
        ? renderTextTable(summarise(record))
        : renderValidationTable(record.cells);
      io.out(`\n${table}`);
      io.out(`Openings of this test part so far, by all runs: ${record.testOpenings}\n`);
      if (record.ended === null) {
        io.out(`Stopped early; to go on: add --resume --name ${name}\n`);
      }
      io.out(`Report: ${reportPath}\n`);
    }
    for (const { cell, error } of failures) io.err(`error: ${cell}: ${error.message}\n`);
    return failures.length > 0 ? 1 : 0;
  },
});

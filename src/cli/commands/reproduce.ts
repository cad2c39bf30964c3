import { join } from "node:path";
import { flag, integer } from "../../config/options.ts";
import { findPart } from "../../config/part.ts";
import { modalityNames } from "../../data/dataset.ts";
import { OptionError } from "../../engine/errors.ts";
import { chooseRecipe } from "../../node/choose-recipe.ts";
import { loadData } from "../../node/load-data.ts";
import { compare } from "../../node/runs/compare.ts";
import { readGapPoints } from "../../node/runs/gap-reference.ts";
import { QUESTIONS, type Question } from "../../node/runs/questions.ts";
import { writeWhole } from "../../node/write-whole.ts";
import { renderAnswer } from "../../report/index.ts";
import { defineCommand } from "../command.ts";
import {
  BUDGET_FLAGS,
  DATA_FLAGS,
  placeOf,
  RECIPE_FLAG,
  recipesDir,
  WORK_FLAGS,
} from "../common-flags.ts";
import { text } from "../flags.ts";
import { createProgress } from "../progress.ts";
import { chooseRunName } from "../run-name.ts";

/** Epochs of a quick answer: enough to see a direction, not a result. */
const QUICK_EPOCHS = 5;

export const reproduce = defineCommand({
  name: "reproduce",
  title: "answer one of the paper's four questions by a grid of trainings",
  positionals: Object.keys(QUESTIONS).join("|"),
  flags: {
    ...DATA_FLAGS,
    seeds: integer(3, "number of seeds: 0, 1, ...", { min: 1, max: 1000 }),
    quick: flag(false, `one seed and ${QUICK_EPOCHS} epochs`),
    ...BUDGET_FLAGS,
    name: text("NAME", null, "name of the run; default: after question and data"),
    runs: text("DIR", "runs", "folder of all runs"),
    resume: flag(false, "go on with the run of this name, or with the latest one"),
    protocol: text("NAME", null, "what is missing or noisy, where a question offers several"),
    cells: text("DIR", null, "folder of trainings that several runs share; default: of its own"),
    ...WORK_FLAGS,
    ...RECIPE_FLAG,
  },
  async run({ flags, given, positionals, commandLine, io }) {
    const [asked, ...others] = positionals;
    if (asked === undefined || others.length > 0) {
      throw new OptionError(
        `reproduce: Cannot choose a question: expected one of ${Object.keys(QUESTIONS).join(", ")}, got ${positionals.length}`,
      );
    }
    const question = findPart<Question>("reproduce", QUESTIONS, asked);
    const { quick, resume, runs } = flags;
    const [byDefault = ""] = Object.keys(question.protocols);
    const protocol = flags.protocol ?? byDefault;
    const protocols = findPart(`reproduce ${asked}`, question.protocols, protocol);
    const recipe = await chooseRecipe(flags.data, recipesDir(flags.recipes), flags.cache);
    const baseOf = (of: string) => `${of}-${flags.data}${quick ? "-quick" : ""}`;
    const base = baseOf(protocol === byDefault ? asked : `${asked}-${protocol}`);
    const name = chooseRunName(runs, base, flags.name, resume);
    const folder = join(runs, name);
    const data = { name: flags.data, ...placeOf(flags) };
    const { train, manifest } = await loadData(flags.data, data);
    const modalities = modalityNames(train);
    checkEnough(modalities);
    const all = chooseRunName(runs, baseOf("q1"), null, true);
    const gapPoints = question.asksForGaps && (await readGapPoints(runs, all, manifest.dataHash));
    const seeds = quick && !given.has("seeds") ? 1 : flags.seeds;
    const progress = createProgress(io, flags.json);
    const { record, reportPath, failures } = await compare(
      {
        name,
        folder,
        data,
        recipe,
        changes: {
          epochs: flags.epochs ?? (quick ? QUICK_EPOCHS : undefined),
          learningRate: flags.rate,
        },
        methods: question.methods,
        protocols: protocols(modalities),
        ...(flags.cells !== null && { cells: flags.cells }),
        ...(gapPoints && { gapPoints }),
        seeds: Array.from({ length: seeds }, (_, i) => i),
        resume,
        workers: flags.workers,
        test: true,
        command: commandLine,
      },
      { signal: io.signal, onEvent: progress.onEvent },
    ).finally(progress.end);
    const tables = renderAnswer(question.title, record);
    await writeWhole(join(folder, "results.md"), tables);
    if (flags.json) io.out(`${JSON.stringify({ event: "end", report: reportPath })}\n`);
    else io.out(`\n${tables}\nReport: ${reportPath}\n`);
    if (record.ended === null) io.err(`stopped early; to go on: add --resume --name ${name}\n`);
    for (const { cell, error } of failures) io.err(`error: ${cell}: ${error.message}\n`);
    return failures.length > 0 ? 1 : 0;
  },
});

function checkEnough(modalities: readonly string[]): void {
  if (modalities.length >= 2) return;
  throw new OptionError(
    `reproduce: Cannot compare ways to combine modalities: expected at least 2, got ${modalities.length}`,
  );
}

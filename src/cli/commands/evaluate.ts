import { join } from "node:path";
import { choice, flag } from "../../config/options.ts";
import { modalityNames } from "../../data/dataset.ts";
import { keepModalities } from "../../data/keep-modalities.ts";
import { PARTS, type Part } from "../../data/split.ts";
import { DataError, formatNames } from "../../engine/errors.ts";
import { evaluateLogits, type Scores } from "../../metrics/index.ts";
import { openLedger } from "../../node/ledger.ts";
import { loadData } from "../../node/load-data.ts";
import { percent, quantity } from "../../report/format.ts";
import { fuseOutputs } from "../../train/fuse-outputs.ts";
import { rowsWith } from "../../train/judge.ts";
import { defineCommand } from "../command.ts";
import { CACHE_FLAGS, placeOf } from "../common-flags.ts";
import { list, text } from "../flags.ts";
import { checkLeftOut } from "../left-out.ts";
import { openRun } from "../open-run.ts";

export const evaluate = defineCommand({
  name: "evaluate",
  title: "judge a trained model, with modalities left out if asked",
  flags: {
    run: text("DIR", null, "folder of a trained cell: runs/NAME/cells/METHOD-SEED"),
    part: choice(PARTS, "validation", "which data; opening the test part is written down"),
    without: list("MODALITY", [], "left out of every sample"),
    ...CACHE_FLAGS,
    json: flag(false, "one JSON object"),
  },
  async run({ flags, commandLine, io }) {
    const { record, data: name, network } = await openRun("evaluate", flags.run);
    const data = await loadData(name, placeOf(flags));
    const { dataHash } = data.manifest;
    if (dataHash !== record.dataset.hash) {
      throw new DataError(
        `evaluate: Cannot judge on these data: expected hash ${record.dataset.hash}, got ${dataHash}`,
      );
    }
    checkLeftOut("evaluate", flags.without, modalityNames(data.train));
    const ledger = openLedger(join(flags.cache, "ledger.jsonl"));
    const openTest = async () =>
      data.openTest(
        await ledger.record({
          dataHash,
          command: commandLine,
          run: `${record.method.label} seed ${record.seed}`,
        }),
      );
    const whole = flags.part === "test" ? await openTest() : partOf(data, flags.part);
    const kept = modalityNames(whole).filter((m) => !flags.without.includes(m));
    const { part } = keepModalities(whole, kept);
    if (part.size === 0) {
      throw new DataError(
        `evaluate: Cannot judge on the ${flags.part} part: expected a sample with one of ${formatNames(kept)}, got none`,
      );
    }
    const outputs = network.outputs(part);
    const { classes } = outputs;
    const fused = fuseOutputs(outputs, network.fusion);
    const scores: Record<string, Scores> = {};
    if (fused !== null) {
      scores.fused = evaluateLogits({ logits: fused.logits, labels: part.labels, classes });
    }
    for (const m of modalityNames(part)) {
      const own = rowsWith(outputs, part.labels, m);
      if (own.labels.length > 0) scores[m] = evaluateLogits({ ...own, classes });
    }
    if (flags.json) io.out(`${JSON.stringify({ part: flags.part, scores })}\n`);
    else io.out(describeScores(flags.part, part.size, whole.size, scores));
    return 0;
  },
});

function partOf<P>(data: { train: P; validation: P }, part: Part): P {
  return part === "train" ? data.train : data.validation;
}

function describeScores(
  part: string,
  size: number,
  whole: number,
  scores: Readonly<Record<string, Scores>>,
): string {
  const width = Math.max(...Object.keys(scores).map((name) => name.length));
  const lines = Object.entries(scores).map(
    ([name, { accuracy, macroF1, nll }]) =>
      `  ${name.padEnd(width)}  accuracy ${percent(accuracy)} %  macro-F1 ${percent(macroF1)} %  NLL ${quantity(nll)}`,
  );
  const samples = size === whole ? `${size} samples` : `${size} of ${whole} samples`;
  return `${part}, ${samples}\n${lines.join("\n")}\n`;
}

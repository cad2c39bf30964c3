import { choice, flag } from "../../config/options.ts";
import { modalityNames } from "../../data/dataset.ts";
import type { ExplainedDataset, ExplainOptions, Explanation } from "../../explain/index.ts";
import { classShares, explainAll } from "../../explain/index.ts";
import { loadData } from "../../node/load-data.ts";
import { percent } from "../../report/format.ts";
import { defineCommand } from "../command.ts";
import { CACHE_FLAGS, placeOf } from "../common-flags.ts";
import { findSample } from "../find-sample.ts";
import { text } from "../flags.ts";
import { openRun } from "../open-run.ts";

/** The test part is opened by `evaluate` alone. */
const EXPLAINED = ["validation", "train"] as const;

export const explain = defineCommand({
  name: "explain",
  title: "split predictions between the modalities: exact Shapley values beside the fusion weights",
  flags: {
    run: text("DIR", null, "folder of a trained cell: runs/NAME/cells/METHOD-SEED"),
    sample: text("ID", null, "a training or validation sample by its id; default: all of the part"),
    part: choice(EXPLAINED, "validation", "which data"),
    class: text("NAME", null, "the class that is explained; default: the one predicted"),
    scale: choice(["probability", "log-odds"], "probability", "what is split"),
    prior: choice(
      ["uniform", "train"],
      "uniform",
      "what is said of no modality: each class alike, or as in the training part",
    ),
    ...CACHE_FLAGS,
    json: flag(false, "one JSON object"),
  },
  async run({ flags, io }) {
    const { network, data: name } = await openRun("explain", flags.run);
    const data = await loadData(name, placeOf(flags));
    const options: ExplainOptions = {
      of: flags.class === null ? "predicted" : { class: flags.class },
      scale: flags.scale,
      prior: flags.prior === "uniform" ? "uniform" : classShares(data.train),
    };
    const one = flags.sample !== null;
    const dataset = one ? findSample("explain", data, flags.sample ?? "") : data[flags.part];
    const explained = explainAll(network, dataset, options);
    const [sample] = explained.samples as [Explanation<string>];
    if (flags.json) io.out(`${JSON.stringify(one ? sample : explained)}\n`);
    else io.out(one ? describeSample(sample) : describeAll(modalityNames(dataset), explained));
    return 0;
  },
});

function describeSample(sample: Explanation<string>): string {
  const { label, of, value, baseline, shapley, weights, alone } = sample;
  const width = Math.max(...Object.keys(shapley).map((m) => m.length), "baseline".length);
  const rows = Object.entries(shapley).map(([m, share]) => {
    const own = alone[m];
    if (!own) return `  ${m.padEnd(width)}  missing`;
    const weight =
      weights === null ? "" : `  weight ${percent(weights[m] as number).padStart(5)} %`;
    const said = `${own.label} (${percent(own.probabilities[own.label] as number)} %)`;
    return `  ${m.padEnd(width)}  ${signed(share)}${weight}  alone: ${said}`;
  });
  return [
    `${label}${of === label ? "" : `; explained: ${of}`}`,
    `  ${"baseline".padEnd(width)}  ${signed(baseline)}`,
    ...rows,
    `  ${"together".padEnd(width)}  ${signed(value)}`,
    "",
  ].join("\n");
}

function describeAll(names: readonly string[], explained: ExplainedDataset<string>): string {
  const width = Math.max(...names.map((m) => m.length));
  const rows = names.map((m) => {
    const share = percent(explained.share[m] as number).padStart(5);
    return `  ${m.padEnd(width)}  mean ${signed(explained.mean[m] as number)}  share ${share} %`;
  });
  return [`${explained.samples.length} samples`, ...rows, ""].join("\n");
}

/** With its sign and four digits: a probability or nats. */
function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}

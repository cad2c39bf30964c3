import { flag } from "../../config/options.ts";
import { mask, modalityNames } from "../../data/dataset.ts";
import { OptionError } from "../../engine/errors.ts";
import { loadData } from "../../node/load-data.ts";
import { percent } from "../../report/format.ts";
import type { Model, Prediction } from "../../train/model.ts";
import { defineCommand } from "../command.ts";
import { CACHE_FLAGS, placeOf } from "../common-flags.ts";
import { findSample } from "../find-sample.ts";
import { list, text } from "../flags.ts";
import { checkLeftOut } from "../left-out.ts";
import { openRun } from "../open-run.ts";

const SHOWN = 3;

export const predict = defineCommand({
  name: "predict",
  title: "predict one sample, known or new, with modalities left out if asked",
  flags: {
    run: text("DIR", null, "folder of a trained cell: runs/NAME/cells/METHOD-SEED"),
    sample: text("ID", null, "a training or validation sample by its id"),
    words: text("TEXT", null, "a new sample that has words alone"),
    without: list("MODALITY", [], "left out of the sample"),
    ...CACHE_FLAGS,
    json: flag(false, "one JSON object"),
  },
  async run({ flags, io }) {
    if ((flags.sample === null) === (flags.words === null)) {
      throw new OptionError("predict: Cannot choose the sample: expected --sample or --words");
    }
    const { network, data: name } = await openRun("predict", flags.run);
    let truth: string | null = null;
    let prediction: Prediction<string>;
    if (flags.words !== null) {
      const words = wordsModality(network);
      const all = Object.keys(network.spec.inputs);
      const absent = all.filter((m) => m !== words);
      checkLeftOut("predict", [...flags.without, ...absent], all);
      prediction = network.predict({ [words]: flags.words });
    } else {
      const data = await loadData(name, placeOf(flags));
      const sample = findSample("predict", data, flags.sample as string);
      checkLeftOut("predict", flags.without, modalityNames(sample));
      truth = sample.classes[sample.labels[0] as number] ?? null;
      const none = Uint8Array.of(0);
      const { modalities } = mask(
        sample,
        Object.fromEntries(flags.without.map((modality) => [modality, none])),
      );
      prediction = network.predictAll(modalities)[0] as Prediction<string>;
    }
    if (flags.json) io.out(`${JSON.stringify({ ...prediction, truth })}\n`);
    else io.out(describePrediction(prediction, truth));
    return 0;
  },
});

/** The one modality that takes words. */
function wordsModality(model: Model<string>): string {
  const names = Object.keys(model.spec.words);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new OptionError(
    `predict: Cannot use --words: expected a model with one modality of words, got ${names.length}`,
  );
}

function describePrediction(
  { label, probabilities, weights }: Prediction<string>,
  truth: string | null,
): string {
  const best = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, probability]) => `  ${percent(probability).padStart(5)} %  ${name}`);
  const shares = Object.entries(weights ?? {}).map(
    ([name, weight]) => `${name} ${percent(weight)} %`,
  );
  return [
    label + (truth === null ? "" : truth === label ? " (right)" : ` (in truth ${truth})`),
    ...best,
    ...(shares.length > 0 ? [`  weights: ${shares.join(", ")}`] : []),
    "",
  ].join("\n");
}

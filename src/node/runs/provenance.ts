/** How a comparison came about, in words for its readers. */

import { findPart } from "../../config/part.ts";
import { modalityNames } from "../../data/dataset.ts";
import { trainingProtocol } from "../../data/protocols.ts";
import type { LoadedData } from "../../data/source.ts";
import { METHODS } from "../../methods/registry.ts";
import type { ComparisonRecord } from "../../report/index.ts";
import { tunedFor } from "../recipes.ts";
import type { ComparisonPlan } from "./compare.ts";

export function describeData({ train, manifest }: LoadedData): ComparisonRecord["data"] {
  return {
    name: manifest.name,
    hash: manifest.dataHash,
    classes: manifest.classes,
    modalities: modalityNames(train),
    counts: manifest.counts,
    splitRule: `fixed and stratified by class${train.groups ? ", samples of one group in one part" : ""}; ${manifest.variant}`,
    licences: manifest.attribution,
  };
}

/** Equal budget, what was chosen on which data, and what the test part served. */
export function describeProtocol(
  { recipe, changes, methods, test, protocols = [] }: Omit<ComparisonPlan, "name">,
  dataHash: string,
): string {
  const epochs = changes.epochs ?? recipe.training.epochs;
  const sentences = [
    `Every method has the same encoders and the same ${epochs} epochs, in which each present (sample, modality) pair is seen once an epoch.`,
    "A method that starts from another's trained parameters counts that training's time and operations as its own.",
  ];
  const untuned = methods.filter(
    ({ name }) => tunedFor(recipe, findPart("method", METHODS, name)) === undefined,
  );
  const commands = new Set(
    methods.flatMap(({ name }) => {
      const tuned = tunedFor(recipe, findPart("method", METHODS, name));
      return tuned === undefined ? [] : (tuned.command ?? recipe.search?.command ?? []);
    }),
  );
  const changed = changes.epochs !== undefined || changes.learningRate !== undefined;
  if (changed) {
    sentences.push(
      "The budget or the learning rate was changed on the command line: the epoch that is kept is the best one on validation data, for each seed by itself.",
    );
  } else if (untuned.length < methods.length) {
    sentences.push(
      `Learning rate and kept epoch of each method were found beforehand on validation data, from one grid for all: ${[...commands].join("; ")}.`,
    );
  }
  if (!changed && untuned.length > 0) {
    sentences.push(
      `No search was made for ${untuned.map(({ name }) => name).join(", ")}: the common learning rate, and the best epoch on validation data.`,
    );
  }
  if (protocols.some((protocol) => trainingProtocol(protocol).name !== "complete")) {
    sentences.push(
      "Where modalities are missing in training, the epoch that is kept is the best one on the validation part under the same protocol; the masks are the same for every method and seed.",
    );
  }
  if (recipe.search !== null && recipe.search.dataHash !== dataHash) {
    sentences.push("The search was made on another version of the data.");
  }
  sentences.push(
    "Probes are ridge regressions on frozen features of the training part, their strength chosen on validation data.",
    test
      ? "The test part was opened once by this run, after all training, and chose nothing."
      : "The test part was not opened.",
  );
  return sentences.join(" ");
}

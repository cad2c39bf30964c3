/** How trained cells would do under each fusion rule, without a look at the test part. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bindPart, type PartConfig } from "../../config/part.ts";
import { type Dataset, subset } from "../../data/dataset.ts";
import { createEngine } from "../../engine/create-engine.ts";
import { DataFormatError, OptionError } from "../../engine/errors.ts";
import { entropy } from "../../fusion/index.ts";
import { FUSIONS } from "../../fusion/registry.ts";
import type { Outputs } from "../../methods/epoch.ts";
import { evaluateQuickly } from "../../metrics/index.ts";
import { ALL_PARTS } from "../../train/all-parts.ts";
import { fitOutputs, fuseOutputs } from "../../train/fuse-outputs.ts";
import { loadModel } from "../../train/load-model.ts";
import { loadData } from "../load-data.ts";
import { readCell } from "./cell-folder.ts";
import type { DataChoice } from "./cell-job.ts";

export interface CrossFit {
  /** Label of the method. */
  readonly method: string;
  readonly seed: number;
  /** Label of the rule; "own" where the method combines the modalities itself. */
  readonly rule: string;
  readonly accuracy: number;
  /** Nats. */
  readonly nll: number;
}

/** Every rule that needs no option, and entropy with temperatures. */
function rules(): { label: string; config: PartConfig }[] {
  const plain = Object.keys(FUSIONS)
    .map((name) => bindPart("fusion", { name, options: {} }, ALL_PARTS))
    .filter((config) => FUSIONS[config.name]?.check === undefined);
  return [
    ...plain.map((config) => ({ label: config.name, config })),
    { label: "entropy, calibrated", config: entropy({ calibrate: true }) },
  ];
}

/**
 * Judges every cell of a run on the validation part under every fusion rule: each half by a rule that was fitted on the
 * other half, so that rules with many values gain nothing by having seen what they are judged on. The epochs were chosen on
 * the same data, for all rules alike.
 *
 * @param folder - of the cells
 * @throws {OptionError} if there are no trained cells
 * @throws {DataFormatError} if a cell is damaged or of other data
 */
export async function crossFitCells(folder: string, data: DataChoice): Promise<CrossFit[]> {
  const { validation, manifest } = await loadData(data.name, data);
  const names = await readdir(folder).catch(() => []);
  const halves = [halfOf(validation, 0), halfOf(validation, 1)] as const;
  const engine = await createEngine();
  const found: CrossFit[] = [];
  try {
    for (const name of names.sort()) {
      const cell = await readCell(join(folder, name));
      if (cell === undefined) continue;
      const { record } = cell;
      if (record.dataset.hash !== manifest.dataHash) {
        throw new DataFormatError(
          `${join(folder, name)}: Cannot judge this cell: expected data ${manifest.dataHash}, got ${record.dataset.hash}`,
        );
      }
      const model = await loadModel(cell.model, engine);
      const outputs = halves.map((half) => model.outputs(half)) as [
        Outputs<string>,
        Outputs<string>,
      ];
      model.dispose();
      const { label } = record.method;
      const judged = judgeRules(outputs, halves);
      found.push(...judged.map((scores) => ({ method: label, seed: record.seed, ...scores })));
    }
  } finally {
    engine.dispose();
  }
  if (found.length > 0) return found;
  throw new OptionError(`fuse: Cannot find trained cells in "${folder}": expected some, got none`);
}

type Halves<T> = readonly [T, T];

function judgeRules(outputs: Halves<Outputs<string>>, halves: Halves<Dataset>) {
  if (outputs[0].joint !== null) return [{ rule: "own", ...judge(outputs, halves, null) }];
  return rules().map(({ label, config }) => ({ rule: label, ...judge(outputs, halves, config) }));
}

function judge(outputs: Halves<Outputs<string>>, halves: Halves<Dataset>, rule: PartConfig | null) {
  const scores = ([0, 1] as const).map((half) => {
    const other = half === 0 ? 1 : 0;
    const fitted = fitOutputs(rule, outputs[other], halves[other].labels);
    const { labels, classes, size } = halves[half];
    const logits = fuseOutputs(outputs[half], fitted)?.logits ?? [];
    const { accuracy, nll } = evaluateQuickly({ logits, labels, classes: classes.length });
    return { accuracy: accuracy * size, nll: nll * size };
  });
  const all = halves[0].size + halves[1].size;
  const sum = (name: "accuracy" | "nll") => scores.reduce((total, own) => total + own[name], 0);
  return { accuracy: sum("accuracy") / all, nll: sum("nll") / all };
}

/** Half of the samples; those of one group, and neighbours of one class, on one side and in turns. */
function halfOf(dataset: Dataset, half: number): Dataset {
  const places = new Map<string, number>();
  const counts = new Map<number, number>();
  const rows = [...dataset.labels.keys()].filter((i) => {
    const group = dataset.groups === undefined ? `sample ${i}` : `group ${dataset.groups[i]}`;
    const label = dataset.labels[i] as number;
    let place = places.get(group);
    if (place === undefined) {
      place = counts.get(label) ?? 0;
      counts.set(label, place + 1);
      places.set(group, place);
    }
    return place % 2 === half;
  });
  return subset(dataset, rows);
}

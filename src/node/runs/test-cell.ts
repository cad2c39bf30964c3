import { bindPart } from "../../config/part.ts";
import type { Dataset } from "../../data/dataset.ts";
import { missingShare, underProtocol } from "../../data/protocols.ts";
import type { LoadedData } from "../../data/source.ts";
import type { Engine } from "../../engine/engine.ts";
import { DataFormatError } from "../../engine/errors.ts";
import type { FittedFusion } from "../../fusion/fusion.ts";
import type { Outputs } from "../../methods/epoch.ts";
import { evaluateLogits, patternScores, type Scores } from "../../metrics/index.ts";
import { type ModalityTestRecord, packFloats, type TestRecord } from "../../report/index.ts";
import { ALL_PARTS } from "../../train/all-parts.ts";
import { fitOutputs, fuseOutputs } from "../../train/fuse-outputs.ts";
import { rowsWith } from "../../train/judge.ts";
import { loadModel } from "../../train/load-model.ts";
import type { Model } from "../../train/model.ts";
import { fitProbe } from "../../train/probe.ts";
import { readCell } from "./cell-folder.ts";
import type { TestJob } from "./cell-job.ts";
import { featureGeometry, modalityShares } from "./test-modalities.ts";

/**
 * Judges a trained cell on the test part: fused, each modality by its head, and by a probe of its encoder that is fitted
 * on training features, its strength chosen on validation data.
 */
export async function testCell(
  job: TestJob,
  data: LoadedData,
  engine: Engine,
): Promise<TestRecord> {
  const cell = await readCell(job.folder);
  if (cell === undefined) {
    throw new DataFormatError(`${job.folder}: Cannot test: expected a trained cell, got none`);
  }
  const model = await loadModel(cell.model, engine);
  try {
    const under = {
      train: underProtocol(data.train, "train", job.protocol),
      validation: underProtocol(data.validation, "validation", job.protocol),
    };
    const fusion =
      job.fusion === null
        ? model.fusion
        : fitOutputs(
            bindPart("fusion", job.fusion, ALL_PARTS),
            model.outputs(under.validation),
            under.validation.labels,
          );
    const test = job.opening
      ? underProtocol(data.openTest(job.opening), "test", job.protocol)
      : under.validation;
    return testModel(model, fusion, under, test);
  } finally {
    model.dispose();
  }
}

type KnownParts = Pick<LoadedData, "train" | "validation">;

function testModel(
  model: Model<string>,
  fusion: FittedFusion | null,
  data: KnownParts,
  test: Dataset,
): TestRecord {
  const outputs = model.outputs(test);
  const { classes } = outputs;
  const fused = fuseOutputs(outputs, fusion);
  const probes = probeScores(model, data, test, outputs);
  const modalities: Record<string, ModalityTestRecord> = {};
  for (const name of Object.keys(outputs.alone)) {
    const own = rowsWith(outputs, test.labels, name);
    if (own.labels.length === 0) continue;
    modalities[name] = {
      head: evaluateLogits({ ...own, classes }),
      headKind: outputs.ownHeads[name] ? "own" : "others-zeroed",
      probe: probes[name] ?? null,
    };
  }
  const labelled = fused && { logits: fused.logits, labels: test.labels, classes };
  return {
    ids: test.ids,
    labels: [...test.labels],
    ...(test.groups && { groups: Array.from(test.groups, String) }),
    fusedLogits: fused && packFloats(fused.logits),
    modalityLogits: mapValues(outputs.alone, packFloats),
    fusionWeights: fused?.weights ? mapValues(fused.weights, packFloats) : null,
    fused: labelled && evaluateLogits(labelled),
    modalities,
    missing: missingShare(test),
    patterns: labelled ? patternScores(outputs.present, labelled) : [],
    shapley: fused && modalityShares(model, fusion, data.train, test),
    ...featureGeometry(outputs.features, model.spec.dim),
  };
}

function probeScores(
  model: Model<string>,
  data: KnownParts,
  test: Dataset,
  outputs: Outputs<string>,
): Record<string, Scores> {
  const known = model.outputs(data.train);
  const chosen = model.outputs(data.validation);
  const { dim } = model.spec;
  const { classes } = outputs;
  const scores: Record<string, Scores> = {};
  for (const name of Object.keys(outputs.features)) {
    const labelled = ({ features }: Outputs<string>, labels: Int32Array) => ({
      features: features[name] as Float32Array,
      labels,
    });
    const probe = fitProbe(
      labelled(known, data.train.labels),
      labelled(chosen, data.validation.labels),
      dim,
      classes,
    );
    const alone = { [name]: probe(outputs.features[name] as Float32Array) };
    const own = rowsWith({ ...outputs, alone }, test.labels, name);
    if (own.labels.length > 0) scores[name] = evaluateLogits({ ...own, classes });
  }
  return scores;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

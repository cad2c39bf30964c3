import { type Dataset, modalityNames } from "../data/dataset.ts";
import type { FromArraysLike } from "../data/from-arrays.ts";
import { joinDatasets } from "../data/join.ts";
import { DataError, formatNames, OptionError } from "../engine/errors.ts";
import { perModality } from "../methods/steps.ts";
import { adam } from "../optim/index.ts";
import type { TrainConfig } from "./config.ts";
import type { EpochRecord } from "./epoch-record.ts";
import { fitOutputs } from "./fuse-outputs.ts";
import { growClasses } from "./grow-classes.ts";
import type { Model, ModelState } from "./model.ts";
import { checkForms } from "./model-spec.ts";
import { outputsOf } from "./outputs.ts";
import { train } from "./train.ts";

/** New samples: one array per modality, as `fromArrays` takes them, and a label for each. */
export type LabelledArrays<M extends string> = FromArraysLike<M> & {
  readonly labels: readonly (string | number)[];
};

/** Settings of training that a model may be adapted with; the rest is the model's. */
type Trained<M extends string> = Pick<
  TrainConfig<M>,
  | "epochs"
  | "batchSize"
  | "optimizer"
  | "schedule"
  | "seed"
  | "classWeights"
  | "sampling"
  | "samplingWeights"
  | "augment"
  | "labelSmoothing"
  | "clip"
  | "signal"
  | "onBatch"
>;

export interface AdaptOptions<M extends string> extends Trained<M> {
  /** Modalities whose encoders train, too; default: none, the heads alone. */
  readonly encoders?: readonly M[];
  /** Whether labels that the model does not know become classes of it; default: no, they are refused. */
  readonly newClasses?: boolean;
  /** Earlier samples that are trained on as well, lest they be forgotten. */
  readonly replay?: Dataset<M>;
  /** Judges every epoch and selects the one that is kept; without it the last epoch is kept. */
  readonly validation?: Dataset<M>;
}

/** What was done to a model. */
export interface Adaptation {
  readonly epochs: readonly EpochRecord[];
  /** Brings the model back to the bits from before; what was done to it since then is undone with it. */
  undo(): void;
}

const EPOCHS = 20;
const BATCH_SIZE = 16;
const RATE = 0.01;

/**
 * Trains a model further on a few new samples: its heads, and the encoders that are asked for, with its own method in the
 * one training loop. Deterministic by seed. The model says what it said before until the end, and for good if the
 * adaptation is stopped or fails.
 *
 * With `newClasses` the heads grow: what they know of the old classes stays, the new classes begin at random.
 *
 * @param samples - arrays, or a dataset of the model's form whose classes begin with the model's
 * @throws {DataError} if a sample does not fit the model, or its class is unknown
 * @throws {OptionError} if a setting is wrong, or the method's parameters cannot grow
 * @throws the signal's reason if it was aborted
 * @example
 * ```ts
 * import { encoders, fromArrays, train } from "altermodal";
 * import { adapt } from "altermodal/adapt";
 * const data = fromArrays({ modalities: { sound: [[0], [1]] }, labels: ["off", "on"] });
 * const model = await train({ data: { train: data }, encoders: { sound: encoders.mlp() } }).finish();
 * const before = model.predict({ sound: [2] });
 * const { undo } = await adapt(model, { modalities: { sound: [[2], [3]] }, labels: ["loud", "loud"] }, { newClasses: true });
 * expect(model.predict({ sound: [2] }).probabilities).toHaveProperty("loud");
 * undo();
 * expect(model.predict({ sound: [2] })).toEqual(before);
 * ```
 */
export async function adapt<M extends string>(
  model: Model<M>,
  samples: Dataset<M> | LabelledArrays<M>,
  options: AdaptOptions<M> = {},
): Promise<Adaptation> {
  const { encoders = [], newClasses = false, replay, validation, ...settings } = options;
  const before = model.state();
  const fresh = "size" in samples ? samples : readSamples(model, samples, newClasses);
  checkForms("adapt", "these samples", before.spec.inputs, fresh);
  checkClasses(before.spec.classes, fresh.classes, newClasses);
  if (replay !== undefined) {
    checkForms("adapt", "the replayed samples", before.spec.inputs, replay);
    checkClasses(replay.classes, before.spec.classes, true);
  }
  const data = replay === undefined ? fresh : joinDatasets(fresh, { ...replay, name: "replay" });
  const names = modalityNames(fresh);
  const unknown = encoders.find((m) => !names.includes(m));
  if (unknown !== undefined) {
    throw new OptionError(
      `adapt: Cannot train the encoder of "${unknown}": expected one of ${formatNames(names)}`,
    );
  }
  const { dim, fusion, method } = before.spec;
  const grown = growClasses(model, fresh.classes, settings.seed ?? 0);
  const run = train<M>({
    epochs: EPOCHS,
    batchSize: BATCH_SIZE,
    optimizer: adam({ rate: RATE }),
    ...settings,
    data: {
      train: data,
      ...(validation && { validation: withClasses(validation, fresh.classes) }),
    },
    encoders: before.spec.encoders,
    method,
    ...(fusion && { fusion }),
    dim,
    engine: model.engine,
    initial: grown.values,
    tuning: perModality(names, (m) => ({ frozen: !encoders.includes(m) })),
  });
  try {
    const trained = await run.finish();
    model.become({ ...grown, values: trained.parameters(), fusion: refit(grown, trained, data) });
  } finally {
    run.model?.dispose();
  }
  return { epochs: run.epochs, undo: () => model.become(before) };
}

/** Arrays as a dataset; with new classes behind the known ones in the order of their names. */
function readSamples<M extends string>(
  model: Model<M>,
  samples: LabelledArrays<M>,
  newClasses: boolean,
): Dataset<M> {
  if (!Array.isArray(samples.labels)) {
    throw new DataError(
      "adapt: Cannot learn from these samples: expected a label for each, got none",
    );
  }
  if (!newClasses) return model.read(samples);
  const { labels, ...unlabelled } = samples;
  const known = model.spec.classes;
  const added = [...new Set(labels.map(String))].filter((name) => !known.includes(name)).sort();
  const classes = [...known, ...added];
  const dataset = model.read(unlabelled);
  if (labels.length !== dataset.size) {
    throw new DataError(
      `adapt: Cannot use the labels: expected ${dataset.size}, got ${labels.length}`,
    );
  }
  return {
    ...dataset,
    classes,
    labels: Int32Array.from(labels, (label) => classes.indexOf(String(label))),
  };
}

function withClasses<M extends string>(
  dataset: Dataset<M>,
  classes: readonly string[],
): Dataset<M> {
  checkClasses(dataset.classes, classes, true);
  return { ...dataset, classes };
}

/** New classes stand behind the known ones. */
function checkClasses(known: readonly string[], all: readonly string[], mayGrow: boolean): void {
  const begins = known.every((name, c) => all[c] === name);
  if (begins && (mayGrow || all.length === known.length)) return;
  const more = mayGrow ? ", and more behind them" : "; pass { newClasses: true } to add classes";
  throw new DataError(
    `adapt: Cannot use these classes: expected ${formatNames(known)}${mayGrow ? more : ""}, got ${formatNames(all)}${mayGrow ? "" : more}`,
  );
}

/** The fusion rule as it was; one that has a number for each class is fitted anew if there are more of them. */
function refit<M extends string>(
  { spec, fusion }: ModelState<M>,
  trained: Model<M>,
  data: Dataset<M>,
): ModelState<M>["fusion"] {
  const state = fusion?.state();
  if (!Array.isArray(state) || state.length === spec.classes.length) return fusion;
  return fitOutputs(spec.fusion, outputsOf(trained.network, data), data.labels);
}

import { resolveOptions } from "../config/options.ts";
import { type AnyPart, bindPart, definitionOf, findPart, type PartConfig } from "../config/part.ts";
import { buildAugmenter } from "../data/augmentation.ts";
import { checkDataset } from "../data/check-dataset.ts";
import { modalityNames } from "../data/dataset.ts";
import { resolveSampling, type Sampling } from "../data/sampling.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { type EncoderTuning, TUNING_OPTIONS } from "../encoders/tuning.ts";
import { DataError, formatNames, OptionError } from "../engine/errors.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import { checkFusion } from "../fusion/fusion.ts";
import type { AnyMethodDefinition } from "../methods/method.ts";
import { mla } from "../methods/mla.ts";
import { OPTIMIZERS, sgd, stepDecay } from "../optim/index.ts";
import type { TrainConfig } from "./config.ts";
import { hashValues } from "./hash-values.ts";
import {
  bindSpec,
  channelNorms,
  checkForms,
  inputSpecs,
  type ModelSpec,
  wordLists,
} from "./model-spec.ts";
import type { TrainingSettings } from "./trainer.ts";

/** A configuration with every default filled in. */
export interface Settings<M extends string> {
  readonly spec: ModelSpec<M>;
  readonly definition: AnyMethodDefinition;
  readonly training: TrainingSettings;
  readonly schedule: PartConfig;
  /** Of the optimizer; the schedule multiplies it. */
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly sampling: Sampling;
  /** By modality; those left out stay as they are. */
  readonly augment: Readonly<Record<string, PartConfig>>;
  readonly seed: number;
  readonly select: "best" | number;
  /** How many last epochs' ends are averaged; 1: none. */
  readonly average: number;
  /** {@link hashValues} of the parameters to begin with, where some are given. */
  readonly initial?: string;
  /** As `initial`, of the parameters of the method that this one starts from. */
  readonly startFrom?: string;
}

/** Every setting; the compiler asks for each. */
const SETTINGS: Readonly<Record<keyof TrainConfig<string>, true>> = {
  data: true,
  encoders: true,
  method: true,
  fusion: true,
  optimizer: true,
  schedule: true,
  epochs: true,
  batchSize: true,
  dim: true,
  seed: true,
  classWeights: true,
  sampling: true,
  samplingWeights: true,
  augment: true,
  labelSmoothing: true,
  average: true,
  clip: true,
  tuning: true,
  select: true,
  engine: true,
  loader: true,
  signal: true,
  resume: true,
  parts: true,
  startFrom: true,
  initial: true,
  onBatch: true,
};

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws {OptionError} for an unknown part, modality or option, or a value out of range
 * @throws {DataError} if training and validation data do not fit together
 */
export function resolveSettings<M extends string>(config: TrainConfig<M>): Settings<M> {
  checkName("option", Object.keys(SETTINGS), Object.keys(config));
  checkName("class weights", ["equal", "balanced"], [config.classWeights ?? "equal"]);
  const { train, validation } = config.data;
  const { parts = [] } = config;
  const method = bindPart("method", config.method ?? mla(), parts);
  const definition = definitionOf<AnyMethodDefinition>("method", method);
  checkModalities("encoders", modalityNames(train), Object.keys(config.encoders));
  const modalities = modalityNames(train);
  checkCount(definition, modalities.length);
  if (validation !== undefined) {
    checkForms("train", "this validation data", inputSpecs(train), validation);
    if (validation.classes.join("\n") !== train.classes.join("\n")) {
      throw new DataError(
        `train: Cannot use this validation data: expected classes ${formatNames(train.classes)}, got ${formatNames(validation.classes)}`,
      );
    }
  }
  const optimizer = config.optimizer ?? sgd({ rate: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const norms = channelNorms(train);
  const epochs = wholeNumber('train: Cannot set "epochs"', config.epochs ?? 12, 1);
  const options = resolveOptions(method.name, definition.options, method.options);
  const least = definition.leastEpochs?.(modalities.length, options) ?? 1;
  if (epochs < least) {
    throw new OptionError(
      `${method.name}: Cannot train for so short: expected at least ${least} epochs, got ${epochs}`,
    );
  }
  const select = config.select ?? "best";
  if (select !== "best") wholeNumber('train: Cannot set "select"', select, 1, epochs);
  const spec = bindSpec(
    {
      classes: train.classes,
      dim: wholeNumber('train: Cannot set "dim"', config.dim ?? 64, 1),
      inputs: inputSpecs(train),
      words: wordLists(train),
      ...(norms && { norms }),
      encoders: config.encoders,
      method,
      fusion: config.fusion ?? definition.fusion,
    },
    parts,
  );
  if (spec.fusion !== null) checkFusion(spec.fusion, modalities);
  return {
    spec,
    definition,
    training: {
      optimizer,
      classWeights:
        config.classWeights === "balanced" ? balance(train.labels, train.classes.length) : null,
      labelSmoothing: share("labelSmoothing", config.labelSmoothing ?? 0),
      clip: positive("clip", config.clip ?? 0, 0),
      ...(config.tuning && { tuning: resolveTuning(modalityNames(train), config.tuning) }),
    },
    schedule: config.schedule ?? stepDecay({ at: 0.7, factor: 0.1 }),
    learningRate: rateOf(optimizer),
    epochs,
    batchSize: wholeNumber('train: Cannot set "batchSize"', config.batchSize ?? 64, 1),
    sampling: resolveSampling(
      { sampling: config.sampling, samplingWeights: config.samplingWeights },
      train,
    ),
    augment: resolveAugment(spec.inputs, config.augment ?? {}, parts),
    seed: wholeNumber('train: Cannot set "seed"', config.seed ?? 0, 0, 0xffffffff),
    select: validation === undefined && select === "best" ? epochs : select,
    ...(config.initial && { initial: hashValues(config.initial) }),
    ...(config.startFrom && { startFrom: hashValues(config.startFrom) }),
    average: wholeNumber('train: Cannot set "average"', config.average ?? 1, 1, epochs),
  };
}

/**
 * As {@link resolveSettings}, and looks through the data from end to end.
 *
 * @throws {OptionError | DataError} likewise, and for data that no method can train on or be judged by
 */
export function checkTraining<M extends string>(config: TrainConfig<M>): Settings<M> {
  const settings = resolveSettings(config);
  const { train, validation } = config.data;
  checkDataset(train, { part: config.initial !== undefined, where: "training data" });
  if (validation !== undefined) checkDataset(validation, { where: "validation data" });
  return settings;
}

function checkName(what: string, valid: readonly string[], given: readonly string[]): void {
  const unknown = given.find((name) => !valid.includes(name));
  if (unknown === undefined) return;
  throw new OptionError(
    `train: Cannot find ${what} "${unknown}": expected one of ${formatNames(valid)}`,
  );
}

function resolveTuning(
  modalities: readonly string[],
  given: Readonly<Record<string, Partial<EncoderTuning> | undefined>>,
): Record<string, EncoderTuning> {
  checkName("modality to tune", modalities, Object.keys(given));
  return Object.fromEntries(
    Object.entries(given).map(([m, own]) => [m, resolveOptions(m, TUNING_OPTIONS, own)]),
  );
}

function resolveAugment(
  inputs: ModelSpec["inputs"],
  given: Readonly<Record<string, PartConfig | undefined>>,
  parts: readonly AnyPart[],
): Record<string, PartConfig> {
  checkName("modality to augment", Object.keys(inputs), Object.keys(given));
  const bound: Record<string, PartConfig> = {};
  for (const [m, config] of Object.entries(given)) {
    if (config === undefined) continue;
    bound[m] = bindPart("augmentation", config, parts);
    buildAugmenter(m, bound[m], inputs[m] as InputSpec);
  }
  return bound;
}

function rateOf({ name, options }: PartConfig): number {
  const definition = findPart("optimizer", OPTIMIZERS, name);
  return resolveOptions(name, definition.options, options).rate as number;
}

function checkModalities(what: string, want: readonly string[], got: readonly string[]): void {
  const unknown = got.find((m) => !want.includes(m));
  const missing = want.find((m) => !got.includes(m));
  if (unknown === undefined && missing === undefined) return;
  const problem = unknown !== undefined ? `unknown "${unknown}"` : `no "${missing}"`;
  throw new OptionError(
    `train: Cannot match the ${what} with the modalities: expected ${formatNames(want)}, got ${problem}`,
  );
}

function checkCount({ name, leastModalities = 1 }: AnyMethodDefinition, count: number): void {
  if (count >= leastModalities) return;
  throw new OptionError(
    `${name}: Cannot combine modalities: expected at least ${leastModalities}, got ${count}`,
  );
}

/** One weight per class, inversely proportional to its count, with mean 1 over the samples. */
function balance(labels: Int32Array, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return Float32Array.from(counts, (count) => labels.length / (classes * Math.max(count, 1)));
}

function positive(name: string, value: number, min: number) {
  if (Number.isFinite(value) && value >= min) return value;
  throw new OptionError(`train: Cannot set "${name}": expected a number >= ${min}, got ${value}`);
}

function share(name: string, value: number) {
  if (value >= 0 && value < 1) return value;
  throw new OptionError(`train: Cannot set "${name}": expected a number in [0, 1), got ${value}`);
}

import { type Dataset, hasModality, modalityNames, subset } from "../data/dataset.ts";
import { arraysOfOne } from "../data/from-arrays.ts";
import { keepModalities } from "../data/keep-modalities.ts";
import { DataError, formatNames, OptionError } from "../engine/errors.ts";
import { exp } from "../engine/math.ts";
import { logProbabilities, predictClasses, shapleyValues } from "../metrics/index.ts";
import type { Model, Prediction, Sample } from "../train/model.ts";
import { type ExplainScale, type Prior, readPrior, readScale, type ToValue } from "./value.ts";

export interface ExplainOptions {
  /** Which class is explained: the predicted one (default), each sample's true one, or one by its name. */
  readonly of?: "predicted" | "true" | { readonly class: string };
  readonly scale?: ExplainScale;
  /** What is said of a sample of which nothing is seen; default: each class alike. */
  readonly prior?: Prior;
}

/** Who decided: one prediction, split between its modalities. */
export interface Explanation<M extends string> {
  /** The predicted class. */
  readonly label: string;
  /** The class that is explained. */
  readonly of: string;
  /** What the model says of that class, on the scale. */
  readonly value: number;
  /** What the prior says of it. */
  readonly baseline: number;
  /** Exact Shapley value of each modality: they add up to `value - baseline`. 0 for a missing one. */
  readonly shapley: Readonly<Record<M, number>>;
  /** The fusion rule's weights; null where it has none. */
  readonly weights: Prediction<M>["weights"];
  /** What the model says if it sees that modality alone; null for a missing one. */
  readonly alone: Readonly<Record<M, Pick<Prediction<M>, "label" | "probabilities"> | null>>;
}

/** A dataset's explanations, and their mean. */
export interface ExplainedDataset<M extends string> {
  readonly samples: readonly Explanation<M>[];
  /** Mean over the samples: these, too, add up to the mean of `value - baseline`. */
  readonly mean: Readonly<Record<M, number>>;
  /** Mean size of a modality's say, whichever way it goes, as a share of all modalities'; 0 if none says anything. */
  readonly share: Readonly<Record<M, number>>;
}

/** Samples explained at once. */
const CHUNK = 256;

/**
 * Splits the prediction of one sample between its modalities by exact Shapley values: the model is asked for each of the
 * 2^M - 1 sets of modalities, by whatever it does about those that are missing; of the empty set the prior speaks.
 *
 * Source: Shapley 1953.
 *
 * @throws {DataError} as `model.predict`
 * @throws {OptionError} if the class is unknown or the prior is none
 * @example
 * ```ts
 * import { encoders, fromArrays, train } from "altermodal";
 * import { explain } from "altermodal/explain";
 * const data = fromArrays({ modalities: { sound: [[0], [1]], light: [[1], [0]] }, labels: ["off", "on"] });
 * const { mlp } = encoders;
 * const model = await train({ data: { train: data }, encoders: { sound: mlp(), light: mlp() } }).finish();
 * const { shapley, value, baseline } = explain(model, { sound: [1], light: [0] });
 * expect(shapley.sound + shapley.light).toBeCloseTo(value - baseline, 9);
 * ```
 */
export function explain<M extends string>(
  model: Model<M>,
  sample: Sample<M>,
  options: ExplainOptions = {},
): Explanation<M> {
  if (options.of === "true") {
    throw new OptionError(
      'explain: Cannot explain the true class of one sample: expected "predicted" or { class }, got "true"',
    );
  }
  const dataset = model.read({ modalities: arraysOfOne<M>(sample) });
  return explainAll(model, dataset, options).samples[0] as Explanation<M>;
}

/**
 * Explains every sample of a dataset, as {@link explain}, and says on the whole who decides.
 *
 * @throws {DataError} if the data have another form than the model takes, or the true classes are asked for and unknown
 * @throws {OptionError} if the class is unknown or the prior is none
 */
export function explainAll<M extends string>(
  model: Model<M>,
  dataset: Dataset<M>,
  options: ExplainOptions = {},
): ExplainedDataset<M> {
  const names = modalityNames(dataset);
  const prior = readPrior(model.spec.classes, options.prior ?? "uniform");
  const scale = readScale(options.scale ?? "probability", prior.length);
  const samples: Explanation<M>[] = [];
  for (let start = 0; start < dataset.size; start += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, dataset.size - start) }, (_, i) => start + i);
    samples.push(...explainChunk(model, subset(dataset, rows), prior, scale, options.of));
  }
  const average = (of: (sample: Explanation<M>, m: M) => number) =>
    names.map((m) => samples.reduce((sum, sample) => sum + of(sample, m), 0) / samples.length);
  const mean = average(({ shapley }, m) => shapley[m]);
  const sizes = average(({ shapley }, m) => Math.abs(shapley[m]));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const byName = (values: readonly number[]) =>
    Object.fromEntries(names.map((m, j) => [m, values[j]])) as Record<M, number>;
  return { samples, mean: byName(mean), share: byName(sizes.map((size) => size / (all || 1))) };
}

function explainChunk<M extends string>(
  model: Model<M>,
  dataset: Dataset<M>,
  prior: Float64Array,
  toValue: ToValue,
  of: ExplainOptions["of"],
): Explanation<M>[] {
  const { classes } = model.spec;
  const names = modalityNames(dataset);
  const said = new Map<string, Float64Array[]>();
  let weights: Readonly<Record<string, Float32Array>> | null = null;
  for (let bits = 1; bits < 1 << names.length; bits++) {
    const set = names.filter((_, j) => ((bits >> j) & 1) === 1);
    const { part, rows } = keepModalities(dataset, set);
    const fused = rows.length === 0 ? null : model.fused(part);
    const logs = logProbabilities(fused?.logits ?? [], classes.length);
    const bySample = Array.from({ length: dataset.size }, () => prior);
    rows.forEach((row, i) => {
      bySample[row] = logs.subarray(i * classes.length, (i + 1) * classes.length);
    });
    said.set(set.join("\n"), bySample);
    // The last set is that of all modalities, and no sample is left out of it.
    weights = fused?.weights ?? null;
  }
  said.set(
    "",
    Array.from({ length: dataset.size }, () => prior),
  );
  const saidBy = (set: readonly M[], i: number) => said.get(set.join("\n"))?.[i] as Float64Array;
  const describe = (logs: Float64Array) => ({
    label: classes[predictClasses(logs, classes.length)[0] as number] as string,
    probabilities: Object.fromEntries(classes.map((name, c) => [name, exp(logs[c] as number)])),
  });
  const byName = <T>(make: (m: M) => T) =>
    Object.fromEntries(names.map((m) => [m, make(m)])) as Record<M, T>;
  return Array.from({ length: dataset.size }, (_, i) => {
    const whole = saidBy(names, i);
    const { label } = describe(whole);
    const c = chooseClass(dataset, i, of ?? "predicted", classes.indexOf(label));
    const has = (m: M) => hasModality(dataset.modalities[m], i);
    const shares = shapleyValues(names.filter(has), (set) => toValue(saidBy(set, i), c));
    return {
      label,
      of: classes[c] as string,
      value: toValue(whole, c),
      baseline: toValue(prior, c),
      shapley: byName((m) => shares[m] ?? 0),
      weights: weights && byName((m) => weights?.[m]?.[i] as number),
      alone: byName((m) => (has(m) ? describe(saidBy([m], i)) : null)),
    };
  });
}

function chooseClass(
  { classes, labels, ids }: Dataset,
  i: number,
  of: NonNullable<ExplainOptions["of"]>,
  predicted: number,
): number {
  if (of === "predicted") return predicted;
  if (of === "true") {
    const label = labels[i] as number;
    if (label >= 0) return label;
    throw new DataError(
      `explain: Cannot explain the true class of sample "${ids[i]}": expected a label, got none`,
    );
  }
  const c = classes.indexOf(of.class);
  if (c >= 0) return c;
  throw new OptionError(
    `explain: Cannot find class "${of.class}": expected one of ${formatNames(classes)}`,
  );
}

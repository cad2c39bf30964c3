/** The promises that a dataset must keep before anything trains on it. */
import { DataError } from "../engine/errors.ts";
import {
  type BagData,
  type Dataset,
  type DenseData,
  hasModality,
  type ModalityData,
  modalityNames,
  type StreamedData,
  sampleLength,
} from "./dataset.ts";

export interface CheckOptions {
  /** Accept a class or a modality without samples, as a part of a dataset may have. Default false. */
  readonly part?: boolean;
  /** Accept label -1, unknown, in data to predict. Default false. */
  readonly unlabelled?: boolean;
  /** What the data are called in errors. Default "dataset". */
  readonly where?: string;
}

type Fail = (what: string, expected: string, actual: string) => never;

/**
 * Checks a dataset from end to end, and returns it.
 *
 * @throws {DataError} for wrong lengths, repeated ids or class names, a label out of range, a class
 * without samples, NaN or infinity in a value (named by modality, sample and position), a token id
 * outside the vocabulary, a sample with no modality and a modality that no sample has
 */
export function checkDataset<M extends string>(
  dataset: Dataset<M>,
  options: CheckOptions = {},
): Dataset<M> {
  const { where = "dataset" } = options;
  const fail: Fail = (what, expected, actual) => {
    throw new DataError(`${where}: ${what}: expected ${expected}, got ${actual}`);
  };
  const names = modalityNames(dataset);
  checkShape(fail, dataset, names);
  checkLabels(fail, dataset, options);
  for (const name of names) {
    const data = dataset.modalities[name];
    checkPresent(fail, dataset, name, data, options);
    if (data.kind === "dense") checkDense(fail, dataset, name, data);
    else checkBag(fail, dataset, name, data);
  }
  for (let i = 0; i < dataset.size; i++) {
    if (!names.some((name) => hasModality(dataset.modalities[name], i))) {
      fail("Cannot use a sample", "at least one modality", `none in sample "${dataset.ids[i]}"`);
    }
  }
  return dataset;
}

function checkLength(fail: Fail, what: string, expected: number, actual: number): void {
  if (actual !== expected) fail(`Cannot use ${what}`, `a length of ${expected}`, `${actual}`);
}

function checkUnique(fail: Fail, what: string, values: readonly string[]): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) fail(`Cannot use the ${what}`, "each one once", `"${value}" twice`);
    seen.add(value);
  }
}

function checkShape(fail: Fail, dataset: Dataset, names: readonly string[]): void {
  if (names.length === 0) fail("Cannot use the modalities", "at least one", "none");
  if (dataset.size === 0) fail("Cannot use the samples", "at least one", "none");
  if (dataset.classes.length === 0) fail("Cannot use the classes", "at least one", "none");
  checkLength(fail, "the labels", dataset.size, dataset.labels.length);
  checkLength(fail, "the ids", dataset.size, dataset.ids.length);
  if (dataset.groups) checkLength(fail, "the groups", dataset.size, dataset.groups.length);
  checkUnique(fail, "ids", dataset.ids);
  checkUnique(fail, "classes", dataset.classes);
}

function checkLabels(fail: Fail, dataset: Dataset, options: CheckOptions): void {
  const counts = new Int32Array(dataset.classes.length);
  dataset.labels.forEach((label, i) => {
    if (label === -1 && options.unlabelled) return;
    if (label < 0 || label >= counts.length) {
      const sample = `sample "${dataset.ids[i]}"`;
      fail(`Cannot use the label of ${sample}`, `0 to ${counts.length - 1}`, `${label}`);
    }
    counts[label] = (counts[label] as number) + 1;
  });
  const empty = counts.indexOf(0);
  if (empty >= 0 && !options.part) {
    fail(`Cannot use class "${dataset.classes[empty]}"`, "at least one sample", "none");
  }
}

function checkPresent(
  fail: Fail,
  dataset: Dataset,
  name: string,
  data: ModalityData,
  options: CheckOptions,
): void {
  if (data.present === undefined) return;
  checkLength(fail, `the mask of modality "${name}"`, dataset.size, data.present.length);
  const wrong = data.present.find((byte) => byte > 1);
  if (wrong !== undefined) fail(`Cannot use the mask of modality "${name}"`, "0 or 1", `${wrong}`);
  if (!data.present.includes(1) && !options.part) {
    fail(`Cannot use modality "${name}"`, "at least one sample that has it", "none");
  }
}

function checkDense(
  fail: Fail,
  dataset: Dataset,
  name: string,
  data: DenseData | StreamedData,
): void {
  if (data.shape.some((side) => !Number.isInteger(side) || side < 1)) {
    const shape = `[${data.shape.join(", ")}]`;
    fail(`Cannot use the shape of modality "${name}"`, "positive whole sides", shape);
  }
  if ("rows" in data) {
    // Their values are checked when they are read.
    checkLength(fail, `the rows of modality "${name}"`, dataset.size, data.rows.size);
    return;
  }
  const length = sampleLength(data.shape);
  checkLength(fail, `the values of modality "${name}"`, dataset.size * length, data.values.length);
  for (let i = 0; i < dataset.size; i++) {
    if (!hasModality(data, i)) continue;
    for (let j = 0; j < length; j++) {
      const value = data.values[i * length + j] as number;
      if (!Number.isFinite(value)) {
        const where = `sample "${dataset.ids[i]}" (index ${i}), modality "${name}", position ${j}`;
        fail(`Cannot use a value of ${where}`, "a finite number", `${value}`);
      }
    }
  }
}

function checkBag(fail: Fail, dataset: Dataset, name: string, data: BagData): void {
  const what = `modality "${name}"`;
  if (!Number.isInteger(data.vocabulary) || data.vocabulary < 1) {
    fail(`Cannot use the vocabulary of ${what}`, "a size of at least 1", `${data.vocabulary}`);
  }
  if (data.words) checkLength(fail, `the words of ${what}`, data.vocabulary, data.words.length);
  checkLength(fail, `the offsets of ${what}`, dataset.size + 1, data.offsets.length);
  let previous = 0;
  data.offsets.forEach((offset, i) => {
    if (offset < previous || (i === 0 && offset !== 0)) {
      const wanted = i === 0 ? "0 first" : `at least ${previous}`;
      fail(`Cannot use offset ${i} of ${what}`, wanted, `${offset}`);
    }
    previous = offset;
  });
  checkLength(fail, `the ids of ${what}`, previous, data.ids.length);
  for (let i = 0; i < dataset.size; i++) {
    for (let j = data.offsets[i] as number; j < (data.offsets[i + 1] as number); j++) {
      const id = data.ids[j] as number;
      if (id < 0 || id >= data.vocabulary) {
        const where = `sample "${dataset.ids[i]}" (index ${i}), ${what}`;
        fail(`Cannot use a token of ${where}`, `0 to ${data.vocabulary - 1}`, `${id}`);
      }
    }
  }
}

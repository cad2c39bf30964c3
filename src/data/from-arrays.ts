/** The friendly way in: a dataset from plain arrays. */
import { DataError, formatNames, formatShape } from "../engine/errors.ts";
import { checkDataset } from "./check-dataset.ts";
import { type Dataset, type ModalityData, modalityNames, sampleLength } from "./dataset.ts";
import { buildVocabulary, encodeBag, splitWords } from "./words.ts";

/** Numbers of one sample: flat or nested (`[[r, g, b], ...]`), all samples of one shape. */
export type NestedNumbers = Float32Array | readonly number[] | readonly NestedNumbers[];

/**
 * One modality for all samples:
 * - numbers per sample, flat or nested; `null` or `undefined` where the sample lacks the modality;
 * - text per sample, turned into a bag of words; `null` or `undefined` likewise;
 * - `{ shape, values }` with the values of all samples one after the other;
 * - finished {@link ModalityData}.
 */
export type ModalityInput =
  | readonly (NestedNumbers | null | undefined)[]
  | readonly (string | null | undefined)[]
  | { readonly shape: readonly number[]; readonly values: Float32Array | readonly number[] }
  | ModalityData;

export interface FromArrays<M extends string> {
  readonly modalities: Readonly<Record<M, ModalityInput>>;
  /** Names of classes or, where `classes` is given, also their positions in it. */
  readonly labels: readonly (string | number)[];
  /** Default: the different labels in order (numbers by value, then texts). */
  readonly classes?: readonly string[];
  /** Default: "0", "1", ... */
  readonly ids?: readonly string[];
  /** A group per sample (a speaker, an object) that no split may tear apart. */
  readonly groups?: readonly (string | number)[];
  readonly name?: string;
}

export interface FromArraysLike<M extends string> {
  /** A modality left out is missing in every sample. */
  readonly modalities: { readonly [K in M]?: ModalityInput };
  /** Default: unknown, for data to predict. */
  readonly labels?: readonly (string | number)[];
  readonly ids?: readonly string[];
  readonly name?: string;
}

/**
 * Builds a checked dataset from in-memory arrays with any named modalities.
 *
 * @throws {DataError} as {@link checkDataset}, and for samples of different shape or a label that is no class
 * @example Two modalities, the second missing in one sample
 * ```ts
 * const dataset = fromArrays({
 *   modalities: { sensor: [[0.1, 0.9], [0.8, 0.2]], note: ["low hum", null] },
 *   labels: ["ok", "broken"],
 * });
 * expect(dataset.classes).toEqual(["broken", "ok"]);
 * ```
 */
export function fromArrays<const M extends string>(options: FromArrays<M>): Dataset<M> {
  const { labels, modalities: inputs } = options;
  const classes = options.classes ?? listClasses(labels);
  const modalities = {} as Record<M, ModalityData>;
  for (const name of Object.keys(inputs) as M[]) {
    modalities[name] = toModalityData(name, inputs[name]);
  }
  const toIndex = options.classes ? toPosition : toClass;
  return checkDataset({
    name: options.name ?? "arrays",
    size: labels.length,
    classes,
    modalities,
    labels: Int32Array.from(labels, (label) => toIndex(label, classes)),
    ids: options.ids ?? numberIds(labels.length),
    ...(options.groups && { groups: numberGroups(options.groups) }),
  });
}

/**
 * Builds further data of the same kind: the classes, shapes and vocabularies of an earlier dataset hold,
 * words unknown there are left out, and whole modalities, classes and the labels may be missing.
 *
 * @throws {DataError} as {@link fromArrays}, and for a modality unknown to the earlier dataset or of
 * another shape there
 * @example
 * ```ts
 * const train = fromArrays({ modalities: { note: ["hum", "click"] }, labels: ["ok", "broken"] });
 * const fresh = fromArraysLike(train, { modalities: { note: ["a click"] } });
 * expect([...fresh.labels]).toEqual([-1]);
 * ```
 */
export function fromArraysLike<M extends string>(
  like: Dataset<M>,
  options: FromArraysLike<NoInfer<M>>,
): Dataset<M> {
  const { labels, modalities: inputs } = options;
  const names = modalityNames(like);
  for (const name of Object.keys(inputs)) {
    if (names.includes(name as M)) continue;
    throw new DataError(
      `dataset: Cannot use modality "${name}": expected one of ${formatNames(names)}`,
    );
  }
  const size = labels?.length ?? countSamples(Object.values(inputs));
  const modalities = {} as Record<M, ModalityData>;
  for (const name of names) {
    const input = inputs[name] ?? Array.from({ length: size }, () => null);
    modalities[name] = toModalityData(name, input, like.modalities[name]);
  }
  const dataset: Dataset<M> = {
    name: options.name ?? like.name,
    size,
    classes: like.classes,
    modalities,
    labels: labels
      ? Int32Array.from(labels, (label) => toPosition(label, like.classes))
      : new Int32Array(size).fill(-1),
    ids: options.ids ?? numberIds(size),
  };
  return checkDataset(dataset, { part: true, unlabelled: labels === undefined });
}

/**
 * One modality from any accepted form.
 *
 * @param name - for error messages
 * @param like - the same modality of an earlier dataset: its shape or vocabulary must hold
 * @throws {DataError} if samples differ in shape or kind, or differ from `like`
 */
export function toModalityData(
  name: string,
  input: ModalityInput,
  like?: ModalityData,
): ModalityData {
  const data = convert(name, input, like);
  if (like === undefined) return data;
  const [wanted, actual] = [describeForm(like), describeForm(data)];
  if (wanted !== actual) fail(name, wanted, actual);
  return data;
}

function describeForm(data: ModalityData): string {
  return data.kind === "dense"
    ? `numbers of shape ${formatShape(data.shape)}`
    : `tokens of a vocabulary of ${data.vocabulary}`;
}

function fail(name: string, expected: string, actual: string): never {
  throw new DataError(
    `dataset: Cannot read modality "${name}": expected ${expected}, got ${actual}`,
  );
}

/** Samples of the first modality that says how many it has; checks later compare all others with it. */
function countSamples(inputs: readonly unknown[]): number {
  for (const input of inputs as (ModalityInput | undefined)[]) {
    if (input === undefined) continue;
    if (!("shape" in input) && !("kind" in input)) return input.length;
    if (!("shape" in input)) return input.offsets.length - 1;
    return input.values.length / sampleLength(input.shape);
  }
  return 0;
}

function convert(name: string, input: ModalityInput, like?: ModalityData): ModalityData {
  if ("kind" in input) return input;
  if ("shape" in input) {
    return { kind: "dense", shape: input.shape, values: Float32Array.from(input.values) };
  }
  const samples = Array.from<NestedNumbers | string | null | undefined>(input);
  const first = samples.find((sample) => sample !== null && sample !== undefined);
  if (first === undefined) {
    if (like === undefined) fail(name, "at least one sample that has it", "none");
    return createMissing(samples.length, like);
  }
  return typeof first === "string"
    ? convertTexts(name, samples, like)
    : convertNumbers(name, samples, first);
}

/** A modality that every sample lacks. */
function createMissing(size: number, like: ModalityData): ModalityData {
  const present = new Uint8Array(size);
  if (like.kind === "dense") {
    const values = new Float32Array(size * sampleLength(like.shape));
    return { ...like, values, present };
  }
  return { ...like, ids: new Int32Array(0), offsets: new Int32Array(size + 1), present };
}

function convertTexts(
  name: string,
  samples: readonly unknown[],
  like?: ModalityData,
): ModalityData {
  const documents = samples.map((sample, i) => {
    if (sample === null || sample === undefined) return null;
    if (typeof sample !== "string") fail(name, "texts only", `a ${typeof sample} at sample ${i}`);
    return splitWords(sample);
  });
  const known = like?.kind === "bag" ? like.words : undefined;
  const words = known ?? buildVocabulary(documents);
  if (words.length === 0) fail(name, "at least one word", "none in any text");
  return encodeBag(documents, words);
}

function convertNumbers(
  name: string,
  samples: readonly unknown[],
  first: NestedNumbers,
): ModalityData {
  const shape = shapeOf(first);
  const length = sampleLength(shape);
  const values = new Float32Array(samples.length * length);
  const present = new Uint8Array(samples.length);
  samples.forEach((sample, i) => {
    if (sample === null || sample === undefined) return;
    present[i] = 1;
    const end = fill(sample, shape, 0, values, i * length);
    if (end === undefined) {
      const actual = Array.isArray(sample) || sample instanceof Float32Array;
      const form = actual ? formatShape(shapeOf(sample as NestedNumbers)) : `a ${typeof sample}`;
      fail(name, `numbers of shape ${formatShape(shape)}`, `${form} at sample ${i}`);
    }
  });
  return { kind: "dense", shape, values, ...(present.includes(0) && { present }) };
}

/** Sides along the first elements; whether all others agree is seen while filling. */
function shapeOf(sample: NestedNumbers): number[] {
  const shape: number[] = [];
  let level: unknown = sample;
  while (Array.isArray(level) || level instanceof Float32Array) {
    shape.push(level.length);
    level = level[0];
  }
  return shape;
}

/** Copies a nested sample; returns the end position, or undefined if its shape is another. */
function fill(
  sample: unknown,
  shape: readonly number[],
  axis: number,
  values: Float32Array,
  start: number,
): number | undefined {
  if (axis === shape.length) {
    if (typeof sample !== "number") return undefined;
    values[start] = sample;
    return start + 1;
  }
  if (!(Array.isArray(sample) || sample instanceof Float32Array)) return undefined;
  if (sample.length !== shape[axis]) return undefined;
  let position: number | undefined = start;
  for (const part of sample) {
    position = fill(part, shape, axis + 1, values, position);
    if (position === undefined) return undefined;
  }
  return position;
}

function listClasses(labels: readonly (string | number)[]): string[] {
  const numbers = [...new Set(labels.filter((label) => typeof label === "number"))];
  const texts = [...new Set(labels.filter((label) => typeof label === "string"))];
  return [...numbers.sort((a, b) => a - b).map(String), ...texts.sort()];
}

function toClass(label: string | number, classes: readonly string[]): number {
  const index = classes.indexOf(`${label}`);
  if (index >= 0) return index;
  throw new DataError(
    `dataset: Cannot use label "${label}": expected one of ${formatNames(classes)}`,
  );
}

function toPosition(label: string | number, classes: readonly string[]): number {
  if (typeof label === "string") return toClass(label, classes);
  if (Number.isInteger(label) && label >= 0 && label < classes.length) return label;
  throw new DataError(
    `dataset: Cannot use a label: expected 0 to ${classes.length - 1}, got ${label}`,
  );
}

function numberIds(size: number): string[] {
  return Array.from({ length: size }, (_, i) => `${i}`);
}

function numberGroups(groups: readonly (string | number)[]): Int32Array {
  const numbers = new Map<string | number, number>();
  return Int32Array.from(groups, (group) => {
    const known = numbers.get(group) ?? numbers.size;
    numbers.set(group, known);
    return known;
  });
}

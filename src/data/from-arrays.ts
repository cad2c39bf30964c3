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
  /** An earlier dataset whose classes, shapes and vocabularies hold: test data beside training data. */
  readonly like?: Dataset<NoInfer<M>>;
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
  const { like } = options;
  const size = options.labels.length;
  const classes = options.classes ?? like?.classes ?? listClasses(options.labels);
  const modalities = {} as Record<M, ModalityData>;
  for (const name of Object.keys(options.modalities) as M[]) {
    const data = toModalityData(name, options.modalities[name], like?.modalities[name]);
    modalities[name] = data;
  }
  if (like) checkNames(modalityNames({ modalities }), modalityNames(like));
  const dataset: Dataset<M> = {
    name: options.name ?? "arrays",
    size,
    classes,
    modalities,
    labels: Int32Array.from(options.labels, (label) => toLabel(label, classes, options)),
    ids: options.ids ?? Array.from({ length: size }, (_, i) => `${i}`),
    ...(options.groups && { groups: numberGroups(options.groups) }),
  };
  return checkDataset(dataset, { allowEmptyClasses: like !== undefined });
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

function checkNames(actual: readonly string[], wanted: readonly string[]): void {
  const same = actual.length === wanted.length && actual.every((name) => wanted.includes(name));
  if (same) return;
  throw new DataError(
    `dataset: Cannot read the modalities: expected ${formatNames(wanted)}, got ${formatNames(actual)}`,
  );
}

function convert(name: string, input: ModalityInput, like?: ModalityData): ModalityData {
  if ("kind" in input) return input;
  if ("shape" in input) {
    return { kind: "dense", shape: input.shape, values: Float32Array.from(input.values) };
  }
  const samples = Array.from<NestedNumbers | string | null | undefined>(input);
  const first = samples.find((sample) => sample !== null && sample !== undefined);
  if (first === undefined) fail(name, "at least one sample that has it", "none");
  return typeof first === "string"
    ? convertTexts(name, samples, like)
    : convertNumbers(name, samples, first);
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

function toLabel(
  label: string | number,
  classes: readonly string[],
  options: { readonly classes?: readonly string[] },
): number {
  if (typeof label === "number" && options.classes) return checkIndex(label, classes);
  const index = classes.indexOf(`${label}`);
  if (index >= 0) return index;
  throw new DataError(
    `dataset: Cannot use label "${label}": expected one of ${formatNames(classes)}`,
  );
}

function checkIndex(label: number, classes: readonly string[]): number {
  if (Number.isInteger(label) && label >= 0 && label < classes.length) return label;
  throw new DataError(
    `dataset: Cannot use a label: expected 0 to ${classes.length - 1}, got ${label}`,
  );
}

function numberGroups(groups: readonly (string | number)[]): Int32Array {
  const numbers = new Map<string | number, number>();
  return Int32Array.from(groups, (group) => {
    const known = numbers.get(group) ?? numbers.size;
    numbers.set(group, known);
    return known;
  });
}

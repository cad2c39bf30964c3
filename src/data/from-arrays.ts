/** The friendly way in: a dataset from plain arrays. */
import { DataError, formatNames } from "../engine/errors.ts";
import { checkDataset } from "./check-dataset.ts";
import { type Dataset, type ModalityData, modalityNames } from "./dataset.ts";
import { countSamples, type ModalityInput, toModalityData } from "./modality-input.ts";

export interface FromArrays<M extends string> {
  readonly modalities: Readonly<Record<M, ModalityInput>>;
  /** Names of classes. A number is a position in `classes` unless those are named by numbers. */
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
  checkRecord(inputs);
  if (typeof labels !== "object" || labels === null) {
    throw new DataError(
      `dataset: Cannot use the labels: expected one per sample, in a list, got ${labels === null ? "null" : typeof labels}`,
    );
  }
  const classes = options.classes ?? listClasses(labels);
  const modalities = {} as Record<M, ModalityData>;
  for (const name of Object.keys(inputs) as M[]) {
    modalities[name] = toModalityData(name, inputs[name]);
  }
  return checkDataset({
    name: options.name ?? "arrays",
    size: labels.length,
    classes,
    modalities,
    labels: Int32Array.from(labels, (label) => toLabel(label, classes)),
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
  checkRecord(inputs);
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
      ? Int32Array.from(labels, (label) => toLabel(label, like.classes))
      : new Int32Array(size).fill(-1),
    ids: options.ids ?? numberIds(size),
  };
  return checkDataset(dataset, { part: true, unlabelled: labels === undefined });
}

/** One sample as arrays of one sample each. @throws {DataError} if it is no record */
export function arraysOfOne<M extends string>(
  sample: {
    readonly [K in M]?: unknown;
  },
): FromArraysLike<M>["modalities"] {
  checkRecord(sample);
  const entries = Object.entries(sample).map(([m, value]) => [m, [value]]);
  return Object.fromEntries(entries) as FromArraysLike<M>["modalities"];
}

function checkRecord(modalities: unknown): void {
  const record = typeof modalities === "object" && modalities !== null;
  if (record && !Array.isArray(modalities)) return;
  const got = record ? "a list" : modalities === null ? "null" : typeof modalities;
  throw new DataError(
    `dataset: Cannot read the modalities: expected an object with an entry for each, got ${got}`,
  );
}

function listClasses(labels: readonly (string | number)[]): string[] {
  const numbers = [...new Set(labels.filter((label) => typeof label === "number"))];
  const texts = [...new Set(labels.filter((label) => typeof label === "string"))];
  return [...numbers.sort((a, b) => a - b).map(String), ...texts.sort()];
}

/** A text names a class; so does a number where classes are named by numbers, else it is a position. */
function toLabel(label: string | number, classes: readonly string[]): number {
  const isName = typeof label === "string" || classes.some((name) => /^-?\d/.test(name));
  const index = isName ? classes.indexOf(`${label}`) : label;
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  const expected = isName ? `one of ${formatNames(classes)}` : `0 to ${classes.length - 1}`;
  throw new DataError(`dataset: Cannot use label "${label}": expected ${expected}`);
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

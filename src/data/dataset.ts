/** A multimodal classification dataset, in memory or read row by row: named modalities, any of them missing in a sample. */
import { DataError, formatNames } from "../engine/errors.ts";
import type { ChannelNorm } from "./normalise.ts";
import { pickRows, type RowSource, valuesOf } from "./rows.ts";

/** One array of numbers per sample, all of one shape. */
export interface DenseData {
  readonly kind: "dense";
  /** Shape of one sample: `[32, 32, 3]` (height, width, channels) or `[64]`. */
  readonly shape: readonly number[];
  /** [samples, ...shape], row-major; the rows of samples that lack the modality are never read. */
  readonly values: Float32Array;
  /** One byte per sample: 1 = has the modality, 0 = lacks it. Without this field all have it. */
  readonly present?: Uint8Array;
  /** How bytes became these values, channel by channel; a model then takes bytes, too. */
  readonly norm?: ChannelNorm;
}

/** As {@link DenseData}, with values that are read when a batch needs them. */
export interface StreamedData extends Omit<DenseData, "values"> {
  readonly rows: RowSource;
}

/** A list of token ids per sample, of any length (also 0), for an embedding bag or a sequence. */
export interface BagData {
  readonly kind: "bag";
  /** Number of different tokens; ids are in [0, vocabulary). */
  readonly vocabulary: number;
  /** Text of each token, for reports and for encoding new text: `vocabulary` strings. */
  readonly words?: readonly string[];
  /** The lists of all samples, one after the other. */
  readonly ids: Int32Array;
  /** [samples + 1]; sample i owns ids[offsets[i]] to ids[offsets[i + 1] - 1]. */
  readonly offsets: Int32Array;
  /** One byte per sample: 1 = has the modality, 0 = lacks it. Without this field all have it. */
  readonly present?: Uint8Array;
}

/** The data of one modality for all samples. */
export type ModalityData = DenseData | StreamedData | BagData;

/** Samples with labels and named modalities; `M` is the union of the names. Treat it as immutable. */
export interface Dataset<M extends string = string> {
  readonly name: string;
  /** Number of samples, equal to `labels.length`. */
  readonly size: number;
  /** Names of the classes; a label is a position in this list. */
  readonly classes: readonly string[];
  readonly modalities: Readonly<Record<M, ModalityData>>;
  /** [size]; -1, unknown, only in data to predict. */
  readonly labels: Int32Array;
  /** A name per sample, unique in the dataset, for reports and error messages. */
  readonly ids: readonly string[];
  /** Samples of one group (one speaker, one object) belong on one side of a split. */
  readonly groups?: Int32Array;
}

/** Names of the dataset's modalities, in the order in which they were given. */
export function modalityNames<M extends string>(dataset: Pick<Dataset<M>, "modalities">): M[] {
  return Object.keys(dataset.modalities) as M[];
}

/** Whether the sample at a position has the modality. */
export function hasModality(data: ModalityData, index: number): boolean {
  return data.present === undefined || data.present[index] === 1;
}

/** Number of values in one sample of a dense modality. */
export function sampleLength(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * The samples at the given positions, in that order, copied. A position may occur more than once; ids
 * are then no longer unique.
 *
 * @throws {DataError} if a position is out of range
 */
export function subset<M extends string>(
  dataset: Dataset<M>,
  indices: ArrayLike<number>,
): Dataset<M> {
  const rows = Int32Array.from(indices);
  for (const row of rows) {
    if (row < 0 || row >= dataset.size) {
      throw new DataError(
        `subset: Cannot take a sample of "${dataset.name}": expected an index from 0 to ${dataset.size - 1}, got ${row}`,
      );
    }
  }
  const modalities = {} as Record<M, ModalityData>;
  for (const name of modalityNames(dataset)) {
    modalities[name] = takeRows(dataset.modalities[name], rows);
  }
  return {
    ...dataset,
    size: rows.length,
    modalities,
    labels: rows.map((row) => dataset.labels[row] as number),
    ids: Array.from(rows, (row) => dataset.ids[row] as string),
    ...(dataset.groups && { groups: takeInts(dataset.groups, rows) }),
  };
}

function takeInts(values: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => values[row] as number);
}

function takeRows(data: ModalityData, rows: Int32Array): ModalityData {
  const present = data.present && {
    present: Uint8Array.from(rows, (row) => data.present?.[row] as number),
  };
  if (data.kind === "dense") {
    if ("rows" in data) return { ...data, rows: pickRows(data.rows, rows), ...present };
    return { ...data, values: valuesOf(data, rows), ...present };
  }
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    const count = (data.offsets[row + 1] as number) - (data.offsets[row] as number);
    offsets[i + 1] = (offsets[i] as number) + count;
  });
  const ids = new Int32Array(offsets[rows.length] as number);
  rows.forEach((row, i) => {
    ids.set(data.ids.subarray(data.offsets[row], data.offsets[row + 1]), offsets[i]);
  });
  return { ...data, ids, offsets, ...present };
}

/**
 * Declares further (sample, modality) pairs missing; the values are shared, not copied. A sample may be
 * left without any modality: whoever predicts must then skip it.
 *
 * @param present - per modality one byte per sample, 0 = take it away; modalities left out stay as they are
 * @throws {DataError} if a modality is unknown or a mask has another length
 */
export function mask<M extends string>(
  dataset: Dataset<M>,
  present: { readonly [K in M]?: Uint8Array | undefined },
): Dataset<M> {
  const modalities: Record<M, ModalityData> = { ...dataset.modalities };
  for (const name of Object.keys(present) as M[]) {
    const bytes = present[name];
    if (bytes === undefined) continue;
    const data: ModalityData = modalities[name];
    if (!Object.hasOwn(dataset.modalities, name)) {
      throw new DataError(
        `mask: Cannot find modality "${name}" in "${dataset.name}": expected one of ${formatNames(modalityNames(dataset))}`,
      );
    }
    if (bytes.length !== dataset.size) {
      throw new DataError(
        `mask: Cannot mask modality "${name}": expected ${dataset.size} bytes, got ${bytes.length}`,
      );
    }
    const both = bytes.map((byte, i) => (byte !== 0 && hasModality(data, i) ? 1 : 0));
    modalities[name] = { ...data, present: both };
  }
  return { ...dataset, modalities };
}

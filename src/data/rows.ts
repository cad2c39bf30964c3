/** Values that are read when a batch needs them: data larger than memory. */
import { DataError, formatNames } from "../engine/errors.ts";
import type { Dataset, DenseData, StreamedData } from "./dataset.ts";

/** Where the values of a modality are read from. */
export interface RowSource {
  /** Number of rows: one per sample. */
  readonly size: number;
  /**
   * Writes the values of the given rows, one after the other.
   *
   * @param into - [rows, ...shape]
   * @throws {DataFormatError} that names the file, if it cannot be read
   */
  read(rows: Int32Array, into: Float32Array): void;
  /** The same without waiting for it: what a training reads ahead by. Default: {@link read}. */
  readAhead?(rows: Int32Array, into: Float32Array): Promise<void>;
  /** How another thread reads the same rows; without it they are read by this thread alone. */
  readonly origin?: RowOrigin;
}

/** Where rows come from, as plain data that can be sent to another thread. */
export interface RowOrigin {
  /** Name of the opener among those that the other thread has: {@link RowOpeners}. */
  readonly opener: string;
  /** What it is called with. */
  readonly from: unknown;
  /** Which of its rows they are; left out: all, in order. */
  readonly picked?: Int32Array;
}

/** How the origins of rows become sources again, by name. */
export type RowOpeners = Readonly<
  Record<string, (from: unknown) => RowSource | Promise<RowSource>>
>;

/** @throws {DataError} if there is no such opener; and whatever the opener throws */
export async function openRows(
  { opener, from, picked }: RowOrigin,
  openers: RowOpeners,
): Promise<RowSource> {
  const open = Object.hasOwn(openers, opener) ? openers[opener] : undefined;
  if (open === undefined) {
    throw new DataError(
      `rows: Cannot open rows of "${opener}" in this thread: expected one of ${formatNames(Object.keys(openers))}; pass { openers } to its serve()`,
    );
  }
  const source = await open(from);
  return picked === undefined ? source : pickRows(source, picked);
}

/** Some rows of a source, in another order or repeated, as a source. */
export function pickRows(source: RowSource, picked: Int32Array): RowSource {
  const at = (rows: Int32Array) => rows.map((row) => picked[row] as number);
  const { origin } = source;
  const before = origin?.picked;
  return {
    size: picked.length,
    ...(origin && {
      origin: { ...origin, picked: picked.map((row) => (before ? (before[row] as number) : row)) },
    }),
    read: (rows, into) => source.read(at(rows), into),
    ...(source.readAhead && {
      readAhead: (rows: Int32Array, into: Float32Array) =>
        source.readAhead?.(at(rows), into) as Promise<void>,
    }),
  };
}

/** Values of a few samples of a modality with numbers: [rows, ...shape]. */
export function valuesOf(data: DenseData | StreamedData, rows: Int32Array): Float32Array {
  const into = new Float32Array(rows.length * data.shape.reduce((all, side) => all * side, 1));
  readValues(data, rows, into);
  return into;
}

/**
 * Writes values of samples into a buffer.
 *
 * @param pending - receives what has only begun; without it all is there on return
 */
export function readValues(
  data: DenseData | StreamedData,
  rows: Int32Array,
  into: Float32Array,
  pending?: Promise<void>[],
): void {
  if ("rows" in data) {
    const later = pending && data.rows.readAhead?.(rows, into);
    if (later === undefined) data.rows.read(rows, into);
    else pending?.push(later);
    return;
  }
  const length = rows.length === 0 ? 0 : into.length / rows.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    into.set(data.values.subarray(row * length, (row + 1) * length), i * length);
  }
}

/** @throws {DataError} that names sample and position, if a value that was just read is not finite */
export function checkRead(
  dataset: Pick<Dataset, "ids">,
  modality: string,
  rows: Int32Array,
  values: Float32Array,
): void {
  const wrong = findNonFinite(values);
  if (wrong < 0) return;
  const length = values.length / rows.length;
  const index = rows[Math.floor(wrong / length)] as number;
  throw nonFiniteValue(dataset, modality, index, wrong % length, values[wrong] as number);
}

/** Position of the first value that is not finite; -1 if there is none. */
export function findNonFinite(values: Float32Array): number {
  // A plain loop: findIndex takes ten times as long over every batch.
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

export function nonFiniteValue(
  { ids }: Pick<Dataset, "ids">,
  modality: string,
  index: number,
  position: number,
  value: number,
): DataError {
  return new DataError(
    `dataset: Cannot use a value of sample "${ids[index]}" (index ${index}), modality "${modality}", position ${position}: expected a finite number, got ${value}`,
  );
}

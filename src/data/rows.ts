/** Values that are read when a batch needs them: data larger than memory. */
import { DataError } from "../engine/errors.ts";
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
}

/** Some rows of a source, in another order or repeated, as a source. */
export function pickRows(source: RowSource, picked: Int32Array): RowSource {
  const at = (rows: Int32Array) => rows.map((row) => picked[row] as number);
  return {
    size: picked.length,
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
  { ids }: Pick<Dataset, "ids">,
  modality: string,
  rows: Int32Array,
  values: Float32Array,
): void {
  // A plain loop: findIndex takes ten times as long over every batch.
  let wrong = 0;
  while (wrong < values.length && Number.isFinite(values[wrong])) wrong++;
  if (wrong === values.length) return;
  const length = values.length / rows.length;
  const index = rows[Math.floor(wrong / length)] as number;
  throw new DataError(
    `dataset: Cannot use a value of sample "${ids[index]}" (index ${index}), modality "${modality}", position ${wrong % length}: expected a finite number, got ${values[wrong]}`,
  );
}

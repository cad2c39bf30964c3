/** Batches in an order that depends on (seed, epoch) alone, so a run can resume at any step. */
import { wholeNumber } from "../engine/whole-number.ts";
import { Random } from "../random.ts";
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
import { checkRead, readValues } from "./rows.ts";

/** Numbers of the rows that have the modality. */
export interface DenseInput {
  readonly kind: "dense";
  /** Number of rows that have the modality: n. */
  readonly count: number;
  /** [n] positions in the batch, ascending; null if every row of the batch has the modality. */
  readonly rows: Int32Array | null;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** [n, ...shape] */
  readonly values: Float32Array;
}

/** Token lists of the rows that have the modality. */
export interface BagInput {
  readonly kind: "bag";
  /** Number of rows that have the modality: n. */
  readonly count: number;
  /** [n] positions in the batch, ascending; null if every row of the batch has the modality. */
  readonly rows: Int32Array | null;
  readonly vocabulary: number;
  readonly ids: Int32Array;
  /** [n + 1]; list i is ids[offsets[i]] to ids[offsets[i + 1] - 1]. */
  readonly offsets: Int32Array;
}

export type BatchInput = DenseInput | BagInput;

export interface Batch<M extends string = string> {
  /** Number of samples in the batch. */
  readonly size: number;
  /** [size] positions in the dataset. */
  readonly indices: Int32Array;
  /** [size] */
  readonly labels: Int32Array;
  /** A modality that no sample of the batch has is left out. */
  readonly inputs: { readonly [K in M]?: BatchInput };
}

export interface BatchOptions {
  /** Samples per batch; the last batch of an epoch may be smaller. */
  readonly size: number;
  readonly seed?: number;
  readonly epoch?: number;
  /** Default true. Without it: the dataset's own order. */
  readonly shuffle?: boolean;
  /** First step to yield, to resume within an epoch. Default 0. */
  readonly start?: number;
}

/**
 * Every sample of the dataset once, batch by batch. The order is a pure function of (seed, epoch).
 *
 * Arrays of a batch are views of buffers that the next batch overwrites: copy what must outlive a step.
 *
 * @throws {OptionError} if size, epoch or start is out of range
 */
export function* batches<M extends string>(
  dataset: Dataset<M>,
  options: BatchOptions,
): Generator<Batch<M>, void, void> {
  yield* batchesOf(dataset, batchPositions(dataset.size, options));
}

/**
 * Positions in a dataset of that many samples, batch by batch, as {@link batches} goes through them.
 *
 * @throws {OptionError} if size, epoch or start is out of range
 */
export function batchPositions(
  samples: number,
  { size, seed = 0, epoch = 0, shuffle = true, start = 0 }: BatchOptions,
): Int32Array[] {
  const order = shuffle ? epochOrder(samples, seed, epoch) : naturalOrder(samples);
  return cutBatches(order, size, start);
}

/**
 * Positions in a given order, batch by batch.
 *
 * @param start - first batch
 * @throws {OptionError} if size or start is out of range
 */
export function cutBatches(order: Int32Array, size: number, start = 0): Int32Array[] {
  wholeNumber("batches: Cannot use size", size, 1);
  wholeNumber("batches: Cannot use start", start, 0);
  const parts: Int32Array[] = [];
  for (let first = start * size; first < order.length; first += size) {
    parts.push(order.subarray(first, first + size));
  }
  return parts;
}

/**
 * One batch for each of the given lists of positions in the dataset.
 *
 * Arrays of a batch are views of buffers that the next batch overwrites: copy what must outlive a step.
 *
 * @throws {DataError | DataFormatError} if values that are read from elsewhere cannot be read or are not finite
 */
export function* batchesOf<M extends string>(
  dataset: Dataset<M>,
  parts: readonly Int32Array[],
): Generator<Batch<M>, void, void> {
  const read = createReader(dataset, largest(parts));
  for (const indices of parts) {
    const { batch, check } = read(indices);
    check();
    yield batch;
  }
}

/**
 * As {@link batchesOf}, reading ahead: while a batch is in use, the next ones are being read. The batches are the same
 * whatever `ahead` is.
 *
 * @param ahead - how many batches beside the one in use are in memory
 */
export async function* loadBatches<M extends string>(
  dataset: Dataset<M>,
  parts: readonly Int32Array[],
  ahead = 1,
): AsyncGenerator<Batch<M>, void, void> {
  const size = largest(parts);
  const all = Object.values<ModalityData>(dataset.modalities);
  // Values in memory take no time to come by, and are in the processor's caches when they come in time.
  const reach = all.some((data) => "rows" in data) ? ahead : 0;
  const readers = Array.from({ length: reach + 1 }, () => createReader(dataset, size));
  const begin = async (k: number): Promise<Batch<M>> => {
    const pending: Promise<void>[] = [];
    const { batch, check } = (readers[k % readers.length] as Reader<M>)(
      parts[k] as Int32Array,
      pending,
    );
    await Promise.all(pending);
    check();
    return batch;
  };
  const begun: Promise<Batch<M>>[] = [];
  for (let k = 0; k < parts.length; k++) {
    for (let next = k + begun.length; next < parts.length && next <= k + reach; next++) {
      const batch = begin(next);
      // Told when it is its turn; whoever stops before is not told.
      batch.catch(() => {});
      begun.push(batch);
    }
    yield await (begun.shift() as Promise<Batch<M>>);
  }
}

function largest(parts: readonly Int32Array[]): number {
  return parts.reduce((most, { length }) => Math.max(most, length), 0);
}

/** Fills its own buffers with a batch; `check` may be called once all that is pending has come. */
type Reader<M extends string> = (
  indices: Int32Array,
  pending?: Promise<void>[],
) => { readonly batch: Batch<M>; readonly check: () => void };

function createReader<M extends string>(dataset: Dataset<M>, size: number): Reader<M> {
  const names = modalityNames(dataset);
  const collectors = names.map((name) => createCollector(dataset.modalities[name], size));
  const labels = new Int32Array(size);
  return (indices, pending) => {
    for (let i = 0; i < indices.length; i++) {
      labels[i] = dataset.labels[indices[i] as number] as number;
    }
    const inputs: { [K in M]?: BatchInput } = {};
    names.forEach((name, m) => {
      const input = collectors[m]?.(indices, pending);
      if (input) inputs[name] = input;
    });
    const batch = {
      size: indices.length,
      indices,
      labels: labels.subarray(0, indices.length),
      inputs,
    };
    return { batch, check: () => checkStreamed(dataset, batch) };
  };
}

/** Values in memory were checked before; those that were just read are checked now. */
function checkStreamed<M extends string>(dataset: Dataset<M>, batch: Batch<M>): void {
  for (const [m, input] of Object.entries(batch.inputs) as [M, BatchInput][]) {
    if (input.kind !== "dense" || !("rows" in dataset.modalities[m])) continue;
    const rows = input.rows?.map((row) => batch.indices[row] as number) ?? batch.indices;
    checkRead(dataset, m, rows, input.values);
  }
}

/** Number of batches in an epoch. */
export function countSteps(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}

/** The order of an epoch: a permutation of 0 to samples - 1, a pure function of (seed, epoch). */
export function epochOrder(samples: number, seed: number, epoch: number): Int32Array {
  wholeNumber("batches: Cannot use epoch", epoch, 0);
  return new Random(seed, `batches/${epoch}`).shuffle(naturalOrder(samples));
}

function naturalOrder(samples: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, i) => i);
}

type Collector = (indices: Int32Array, pending?: Promise<void>[]) => BatchInput | undefined;

function createCollector(data: ModalityData, size: number): Collector {
  const rows = new Int32Array(size);
  const collect = data.kind === "dense" ? createDense(data, size) : createBag(data, size);
  return (indices, pending) => {
    let count = 0;
    for (let i = 0; i < indices.length; i++) {
      if (hasModality(data, indices[i] as number)) rows[count++] = i;
    }
    if (count === 0) return undefined;
    if (count === indices.length) return collect(indices, null, pending);
    const held = rows.subarray(0, count);
    return collect(
      held.map((row) => indices[row] as number),
      held,
      pending,
    );
  };
}

function createDense(data: DenseData | StreamedData, size: number) {
  const { shape } = data;
  const length = sampleLength(shape);
  const values = new Float32Array(size * length);
  return (samples: Int32Array, rows: Int32Array | null, pending?: Promise<void>[]): DenseInput => {
    const count = samples.length;
    const filled = values.subarray(0, count * length);
    readValues(data, samples, filled, pending);
    return { kind: "dense", count, rows, shape, values: filled };
  };
}

function createBag(data: BagData, size: number) {
  const { vocabulary } = data;
  const offsets = new Int32Array(size + 1);
  let ids = new Int32Array(size);
  return (samples: Int32Array, rows: Int32Array | null): BagInput => {
    const count = samples.length;
    for (let i = 0; i < count; i++) {
      const sample = samples[i] as number;
      const tokens = (data.offsets[sample + 1] as number) - (data.offsets[sample] as number);
      offsets[i + 1] = (offsets[i] as number) + tokens;
    }
    const total = offsets[count] as number;
    if (total > ids.length) ids = new Int32Array(2 * total);
    for (let i = 0; i < count; i++) {
      const sample = samples[i] as number;
      ids.set(data.ids.subarray(data.offsets[sample], data.offsets[sample + 1]), offsets[i]);
    }
    return {
      kind: "bag",
      count,
      rows,
      vocabulary,
      ids: ids.subarray(0, total),
      offsets: offsets.subarray(0, count + 1),
    };
  };
}

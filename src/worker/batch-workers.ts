import { type AnyPart, definitionOf, type PartConfig } from "../config/part.ts";
import { createSampleNamer } from "../data/augment-batches.ts";
import type { BatchLoader, EpochData } from "../data/batch-loader.ts";
import {
  type Dataset,
  type DenseData,
  type ModalityData,
  modalityNames,
  type StreamedData,
  sampleLength,
} from "../data/dataset.ts";
import { nonFiniteValue, type RowSource, readValues } from "../data/rows.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import type { BatchOrder } from "./batch-messages.ts";
import { OrderPool } from "./order-pool.ts";
import type { WorkerLike } from "./worker-like.ts";

export interface BatchWorkersOptions {
  /** How many; default 1. The batches are the same for any number. */
  readonly workers?: number;
  /** Batches that are prepared ahead of the one in use; default: one per worker. */
  readonly ahead?: number;
  /** The augmentations that the workers can do, as their script has them; others are done where the training is. */
  readonly augmentations?: readonly AnyPart[];
}

/**
 * Workers that read and augment batches ahead of the step, for `train({ loader })`. Read elsewhere are rows with an origin;
 * augmented elsewhere are modalities with numbers. All else stays in the training's thread. A worker that dies ends the
 * training by a {@link WorkerError}; the next use starts another.
 */
export class BatchWorkers implements BatchLoader {
  readonly ahead: number;
  readonly #pool: OrderPool;
  readonly #augmentations: readonly AnyPart[];

  /** @throws {OptionError} if a number is out of range */
  constructor(create: () => WorkerLike, options: BatchWorkersOptions = {}) {
    const { workers = 1, ahead = workers, augmentations = [] } = options;
    this.#pool = new OrderPool(
      create,
      wholeNumber('loader: Cannot set "workers"', workers, 1, 256),
    );
    this.ahead = wholeNumber('loader: Cannot set "ahead"', ahead, 1, 256);
    this.#augmentations = augmentations;
  }

  load<M extends string>(
    epoch: EpochData<M>,
  ): {
    readonly dataset: Dataset<M>;
    readonly done: readonly string[];
  } {
    const { dataset, augment } = epoch;
    const done: string[] = [];
    const modalities: Record<M, ModalityData> = { ...dataset.modalities };
    for (const name of modalityNames(dataset)) {
      const data = dataset.modalities[name];
      if (data.kind !== "dense") continue;
      const config = augment[name];
      const known = config !== undefined && this.#knows(config) ? config : undefined;
      const elsewhere = "rows" in data && data.rows.origin !== undefined;
      if (known === undefined && !elsewhere) continue;
      if (known !== undefined) done.push(name);
      const rows = this.#rows(epoch, name, data, known);
      const { kind, shape, present, norm } = data;
      modalities[name] = { kind, shape, rows, ...(present && { present }), ...(norm && { norm }) };
    }
    return { dataset: { ...dataset, modalities }, done };
  }

  /** Ends the workers: what waits for them rejects. */
  dispose(): void {
    this.#pool.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #knows(config: PartConfig): boolean {
    const definition = definitionOf("augmentation", config);
    return this.#augmentations.some((part) => part.definition === definition);
  }

  /** Rows that are read or augmented or both by the workers, when they are read ahead. */
  #rows<M extends string>(
    { dataset, seed, epoch, signal }: EpochData<M>,
    modality: string,
    data: DenseData | StreamedData,
    config: PartConfig | undefined,
  ): RowSource {
    const { shape } = data;
    const length = sampleLength(shape);
    const nameSamples = createSampleNamer();
    const spare: ArrayBuffer[] = [];
    const takeBuffer = (bytes: number) => {
      const buffer = spare.pop();
      return buffer !== undefined && buffer.byteLength >= bytes ? buffer : new ArrayBuffer(bytes);
    };
    const origin = "rows" in data ? data.rows.origin : undefined;
    const picked = origin?.picked;
    return {
      size: dataset.size,
      read: (rows, into) => readValues(data, rows, into),
      readAhead: async (rows, into) => {
        const names = nameSamples(rows);
        const buffer = takeBuffer(into.byteLength);
        const values = new Float32Array(buffer, 0, rows.length * length);
        if (origin === undefined) {
          const pending: Promise<void>[] = [];
          readValues(data, rows, values, pending);
          await Promise.all(pending);
        }
        const order: Omit<BatchOrder, "id"> = {
          shape,
          count: rows.length,
          buffer,
          ...(origin && {
            read: {
              origin: { opener: origin.opener, from: origin.from },
              rows: picked ? rows.map((row) => picked[row] as number) : rows,
            },
          }),
          ...(config && {
            augment: { config: { ...config }, modality, seed, epoch, names },
          }),
        };
        const answer = await this.#pool.run(order, signal);
        if (answer.kind === "wrong") {
          const row = rows[Math.floor(answer.at / length)] as number;
          throw nonFiniteValue(dataset, modality, row, answer.at % length, answer.value);
        }
        into.set(new Float32Array(answer.buffer, 0, into.length));
        spare.push(answer.buffer);
      },
    };
  }
}

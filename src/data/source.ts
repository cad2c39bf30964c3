/** What a data set offers: how to prepare it, how to load it, and what its test part costs. */
import type { Dataset } from "./dataset.ts";
import type { ChannelNorm } from "./normalise.ts";
import type { Part } from "./split.ts";
import type { TestOpening } from "./test-ledger.ts";

/** What exactly was prepared; printed by `prepare` and kept beside the data and in every run. */
export interface DataManifest {
  /** Name of the data set: `emoji`. */
  readonly name: string;
  /** Which of its variants: source version, options. */
  readonly variant: string;
  /** SHA-256 (hex) of all values, labels, ids and the split: what results are keyed by. */
  readonly dataHash: string;
  /** SHA-256 (hex) of the preprocessing's version and settings. */
  readonly preprocessingHash: string;
  readonly classes: readonly string[];
  /** Modalities in words for a reader: `{ image: "32 x 32 x 3 numbers", ... }`. */
  readonly modalities: Readonly<Record<string, string>>;
  /** Samples per part and class, in the order of `classes`. */
  readonly counts: Readonly<Record<Part, readonly number[]>>;
  /** How the bytes of pictures were normalised, per modality; with it a report can show them. */
  readonly normalisation?: Readonly<Record<string, ChannelNorm>>;
  /** Licence and attribution lines that a report must show. */
  readonly attribution: readonly string[];
  /** What the data were made from and with, with versions. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A data set ready for training. */
export interface LoadedData<M extends string = string> {
  readonly train: Dataset<M>;
  readonly validation: Dataset<M>;
  /**
   * The test part, for the final report alone.
   *
   * @param opening - the ledger's entry for these data
   * @throws {DataError} if the entry belongs to other data
   */
  openTest(opening: TestOpening): Dataset<M>;
  readonly manifest: DataManifest;
}

export interface DataOptions {
  /** Folder for the prepared data of all sources, default `.cache`; sources without files ignore it. */
  readonly cacheDir?: string;
  /**
   * Bytes of values, as float32, that are kept in memory at most: the largest modalities are read from the disk, batch by
   * batch, until the others fit. Default 1 GiB; sources without files ignore it.
   */
  readonly memory?: number;
  /** Told in words what is being done. */
  readonly onProgress?: (message: string) => void;
}

/** A data set as a value: one file, one line in a registry. */
export interface DataSource<M extends string = string> {
  readonly name: string;
  /** One line for lists and help. */
  readonly title: string;
  readonly licence: string;
  /** Makes the data ready once and says what they are; quick if they are ready. */
  prepare(options?: DataOptions): Promise<DataManifest>;
  /** Loads the data, preparing them first where that needs no help. */
  load(options?: DataOptions): Promise<LoadedData<M>>;
}

/** Declares a data set; the modality names stay in the type. */
export function defineDataset<M extends string>(source: DataSource<M>): DataSource<M> {
  return source;
}

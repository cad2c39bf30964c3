import type { PartConfig } from "../../config/part.ts";
import type { TestOpening } from "../../data/test-ledger.ts";
import type { MethodRecord } from "../../report/records.ts";
import { sha256 } from "../hash.ts";
import type { SharedTraining } from "../recipes.ts";
import type { WeightFile } from "./start-weights.ts";

/** Which data, and where they are kept prepared. */
export interface DataChoice {
  readonly name: string;
  readonly cacheDir: string;
  /** Bytes of values in memory at most; left out: 1 GiB. */
  readonly memory?: number;
  /** Samples of each part, to try something out; left out: all. */
  readonly limit?: number;
}

/** A cell that another starts from. */
export interface StartCell {
  readonly folder: string;
  /** {@link identityHash} of its job. */
  readonly identity: string;
}

/** One (method, seed) to be trained; plain data, so that it can be sent to a worker. */
export interface TrainJob {
  readonly kind: "train";
  readonly data: DataChoice;
  readonly dataHash: string;
  readonly method: MethodRecord;
  /** Of the training and validation part; left out: complete. */
  readonly protocol?: PartConfig;
  readonly seed: number;
  /** Trained weights that encoders begin with, by modality. */
  readonly weights?: Readonly<Record<string, WeightFile>>;
  /** With the learning rate of this method in its optimizer. */
  readonly training: SharedTraining;
  /** The epoch that is kept: the best on validation data, or its number from 1. */
  readonly select: "best" | number;
  /** Where everything is kept; null keeps only the returned record. */
  readonly folder: string | null;
  /** The finished cell whose parameters this one starts from; null: it trains its first stage itself. */
  readonly startFrom: StartCell | null;
  /** Go on from what the folder has, instead of refusing a folder that is in use. */
  readonly resume: boolean;
}

/** One trained cell to be judged on the test part. */
export interface TestJob {
  readonly kind: "test";
  readonly data: DataChoice;
  readonly folder: string;
  /** Of all parts. */
  readonly protocol: PartConfig;
  /** Fitted on the validation part, instead of the rule that the cell was trained with; null: that one. */
  readonly fusion: PartConfig | null;
  /** Null: the test part stays shut, and the cell is judged on the validation part. */
  readonly opening: TestOpening | null;
}

export type CellJob = TrainJob | TestJob;

/** All that decides the bits of a trained cell, its start's among it, as JSON. */
export function cellIdentity(job: Omit<TrainJob, "folder">): Readonly<Record<string, unknown>> {
  const { name, options } = job.method;
  return {
    data: {
      name: job.data.name,
      hash: job.dataHash,
      ...(job.data.limit !== undefined && { limit: job.data.limit }),
    },
    method: { name, options },
    ...(job.protocol && { protocol: job.protocol }),
    seed: job.seed,
    ...(job.weights && {
      weights: Object.fromEntries(Object.entries(job.weights).map(([m, { hash }]) => [m, hash])),
    }),
    training: job.training,
    select: job.select,
    ...(job.startFrom && { startFrom: job.startFrom.identity }),
  };
}

/** Enough of a hash of {@link cellIdentity} to tell cells apart. */
export function identityHash(job: Omit<TrainJob, "folder">): string {
  return sha256(JSON.stringify(cellIdentity(job))).slice(0, 12);
}

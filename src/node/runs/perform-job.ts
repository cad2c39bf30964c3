import type { LoadedData } from "../../data/source.ts";
import { createEngine } from "../../engine/create-engine.ts";
import type { Engine } from "../../engine/engine.ts";
import type { CellRecord, TestRecord } from "../../report/index.ts";
import type { BatchProgress } from "../../train/config.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import { batchThreads } from "../batch-threads.ts";
import { loadData } from "../load-data.ts";
import type { CellJob, DataChoice } from "./cell-job.ts";
import { testCell } from "./test-cell.ts";
import { trainCell } from "./train-cell.ts";

/** What is told of a job at work. */
export type JobNews =
  | { readonly type: "batch"; readonly progress: BatchProgress }
  | { readonly type: "epoch"; readonly record: EpochRecord };

export type JobResult<J extends CellJob> = J["kind"] extends "train"
  ? CellRecord | null
  : TestRecord;

/** A batch is told of at most this often. */
const BATCH_NEWS_MS = 200;

/** Performs jobs one after the other in this thread, with one engine and the data loaded once. */
export class JobPerformer {
  readonly #data = new Map<string, Promise<LoadedData>>();
  /** Started only for data that are streamed or augmented. Code that runs unbuilt has no script for it. */
  readonly #loader = import.meta.url.endsWith(".ts") ? undefined : batchThreads();
  #engine: Promise<Engine> | undefined;

  async perform(
    job: CellJob,
    signal: AbortSignal,
    tell: (news: JobNews) => void,
  ): Promise<CellRecord | TestRecord | null> {
    this.#engine ??= createEngine();
    const engine = await this.#engine;
    const data = await this.#load(job.data);
    if (job.kind === "test") return testCell(job, data, engine);
    let told = 0;
    return trainCell(job, data, {
      engine,
      ...(this.#loader && { loader: this.#loader }),
      signal,
      onBatch(progress) {
        const now = performance.now();
        if (now - told < BATCH_NEWS_MS) return;
        told = now;
        tell({ type: "batch", progress });
      },
      onEpoch: (record) => tell({ type: "epoch", record }),
    });
  }

  #load(choice: DataChoice): Promise<LoadedData> {
    const key = JSON.stringify(choice);
    const known = this.#data.get(key) ?? loadData(choice.name, choice);
    this.#data.set(key, known);
    return known;
  }
}

/** Many trainings at once, each after the one that it starts from. */
import type { CellRecord } from "../../report/index.ts";
import type { TrainJob } from "./cell-job.ts";
import { GridProgress } from "./grid-progress.ts";
import type { JobPool } from "./job-pool.ts";
import type { RunHooks } from "./run-events.ts";

/** One training of a run. */
export interface PlannedCell {
  /** Unique in the run. */
  readonly key: string;
  readonly job: TrainJob;
  /** Key of the training that it starts from. */
  readonly after: string | null;
  /** Epochs that it takes of its own. */
  readonly epochs: number;
}

export interface TrainedCells {
  /** By key, in the order of the plan; without those that failed or were stopped before their first epoch ended. */
  readonly records: ReadonlyMap<string, CellRecord>;
  readonly failures: ReadonlyMap<string, Error>;
}

/** Trains all, those first that others wait for; one that fails does not stop the others. */
export async function trainCells(
  cells: readonly PlannedCell[],
  pool: JobPool,
  { onEvent, signal }: RunHooks,
): Promise<TrainedCells> {
  const progress = new GridProgress(new Map(cells.map(({ key, epochs }) => [key, epochs])));
  const records = new Map<string, CellRecord>();
  const failures = new Map<string, Error>();
  const runs = new Map<string, Promise<void>>();

  const trainOne = async ({ key, job, after, epochs: planned }: PlannedCell): Promise<void> => {
    if (after !== null) {
      await runs.get(after);
      if (!records.has(after)) return;
    }
    const name = { label: job.method.label, seed: job.seed };
    let epochs = 0;
    const end = (record: CellRecord | null, error?: Error) => {
      const kept = record !== null && !record.interrupted && epochs === 0 && planned > 0;
      progress.end(key, kept);
      const stopped = record === null || record.interrupted;
      onEvent({
        ...name,
        type: "cell",
        outcome: error ? "failed" : stopped ? "stopped" : kept ? "kept" : "trained",
        reason: error?.message ?? null,
        seconds: record?.seconds ?? 0,
        selectedEpoch: record?.selectedEpoch ?? null,
        grid: progress.stand(),
      });
    };
    try {
      const record = await pool.run(job, (news) => {
        if (news.type === "batch") progress.batch(key, news.progress);
        else epochs++;
        onEvent({ ...name, ...news, grid: progress.stand() });
      });
      if (record !== null) records.set(key, record);
      end(record);
    } catch (error) {
      failures.set(key, error as Error);
      end(null, error as Error);
    }
  };

  const awaited = new Set(cells.map(({ after }) => after));
  const order = cells.toSorted((a, b) => rank(a) - rank(b));
  function rank({ key, after }: PlannedCell): number {
    if (awaited.has(key)) return 0;
    return after === null ? 1 : 2;
  }
  for (const cell of order) runs.set(cell.key, trainOne(cell));
  await Promise.all(runs.values());
  if (failures.size > 0 && records.size === 0 && !signal.aborted) {
    throw [...failures.values()][0] as Error;
  }
  const inOrder = cells.flatMap(({ key }) => {
    const record = records.get(key);
    return record === undefined ? [] : [[key, record] as const];
  });
  return { records: new Map(inOrder), failures };
}

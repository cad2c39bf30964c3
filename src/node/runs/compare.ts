import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PartConfig } from "../../config/part.ts";
import { describeProtocol as protocolRecord } from "../../data/protocols.ts";
import type { LoadedData } from "../../data/source.ts";
import { type CellRecord, type ComparisonRecord, renderReport } from "../../report/index.ts";
import { openLedger } from "../ledger.ts";
import { loadData } from "../load-data.ts";
import type { Recipe } from "../recipes.ts";
import { readVersions } from "../versions.ts";
import { writeWhole } from "../write-whole.ts";
import type { DataChoice } from "./cell-job.ts";
import { checkPlan } from "./check-plan.ts";
import { checkRunFolder } from "./check-run-folder.ts";
import { createJobPool, type JobPool } from "./job-pool.ts";
import { type MethodChoice, planCells, type TrainingChanges } from "./plan.ts";
import { describeData, describeProtocol } from "./provenance.ts";
import type { RunHooks } from "./run-events.ts";
import { sampleMedia } from "./sample-media.ts";
import { type PlannedCell, trainCells } from "./train-cells.ts";

/** What is to be compared. */
export interface ComparisonPlan {
  readonly name: string;
  /** Folder of the run. */
  readonly folder: string;
  /** Folder of trainings that several runs share; default: the run has its own. */
  readonly cells?: string | undefined;
  readonly data: DataChoice;
  readonly recipe: Recipe;
  readonly changes: TrainingChanges;
  readonly methods: readonly MethodChoice[];
  /** Every method is judged under each; default: complete data. */
  readonly protocols?: readonly PartConfig[];
  readonly seeds: readonly number[];
  readonly resume: boolean;
  /** Threads; 0: this one. */
  readonly workers: number;
  /** Open the test part, once, when all is trained. */
  readonly test: boolean;
  /** The command line, without paths of the machine. */
  readonly command: string;
  /** Taken into the record. */
  readonly gapPoints?: ComparisonRecord["gapPoints"];
}

export interface Comparison {
  readonly record: ComparisonRecord;
  readonly reportPath: string;
  readonly failures: readonly { readonly cell: string; readonly error: Error }[];
}

/**
 * Trains every method with every seed, judges all on the test part, and writes report, results, config and metrics into
 * the run's folder. Stopped by the signal, it writes them of what there is.
 *
 * @throws {OptionError | DataError | DataFormatError} if the plan does not fit the data, or the folder is of another
 * configuration; nothing is trained then
 */
export async function compare(plan: ComparisonPlan, hooks: RunHooks): Promise<Comparison> {
  const started = new Date().toISOString();
  const data = await loadData(plan.data.name, {
    ...plan.data,
    onProgress: (text) => hooks.onEvent({ type: "message", text }),
  });
  const { dataHash } = data.manifest;
  const { cells, asked } = planCells({
    ...plan,
    dataHash,
    shared: plan.cells !== undefined,
    folder: plan.cells ?? join(plan.folder, "cells"),
  });
  await checkPlan(cells, asked, data);
  const config = describeConfig(plan, cells);
  const configPath = join(plan.folder, "config.json");
  await checkRunFolder(configPath, config);
  await mkdir(plan.folder, { recursive: true });
  await writeWhole(configPath, `${JSON.stringify(config, null, 2)}\n`);
  const pool = createJobPool(plan.workers, hooks.signal);
  try {
    const { records, failures } = await trainCells(cells, pool, hooks);
    const stopped = hooks.signal.aborted;
    const byKey = new Map(cells.map((cell) => [cell.key, cell]));
    const trained = asked.flatMap(({ key, method, protocol }): TrainedCell[] => {
      const record = records.get(key);
      const folder = byKey.get(key)?.job.folder;
      if (record === undefined || !folder) return [];
      return [
        { folder, protocol, record: { ...record, method, protocol: protocolRecord(protocol) } },
      ];
    });
    const tested = plan.test && trained.length > 0;
    if (tested) hooks.onEvent({ type: "message", text: "opening the test part" });
    const test = tested
      ? await openTest(plan, data, trained, pool)
      : { cells: trained.map(({ record }) => record), media: {} };
    const record: ComparisonRecord = {
      format: "altermodal-comparison",
      version: 1,
      name: plan.name,
      config,
      data: describeData(data),
      cells: test.cells,
      plannedCells: asked.length,
      testOpenings: await openLedger(ledgerPath(plan)).count(dataHash),
      protocol: describeProtocol(plan, dataHash),
      command: plan.command,
      versions: { ...(await readVersions()), ...data.manifest.versions },
      started,
      ended: stopped ? null : new Date().toISOString(),
      recipes: plan.recipe.methods,
      ...(plan.gapPoints && { gapPoints: plan.gapPoints }),
    };
    await writeWhole(join(plan.folder, "results.json"), `${JSON.stringify(record)}\n`);
    await writeWhole(join(plan.folder, "metrics.jsonl"), metricsLines(record.cells));
    const reportPath = join(plan.folder, "report.html");
    await writeWhole(reportPath, renderReport(record, test.media));
    const failed = [...failures].map(([cell, error]) => ({ cell, error }));
    return { record, reportPath, failures: failed };
  } finally {
    await pool.close();
  }
}

/** The ledger lies beside the prepared data. */
function ledgerPath({ data }: ComparisonPlan): string {
  return join(data.cacheDir, "ledger.jsonl");
}

interface TrainedCell {
  readonly folder: string;
  readonly protocol: PartConfig;
  readonly record: CellRecord;
}

async function openTest(
  plan: ComparisonPlan,
  data: LoadedData,
  trained: readonly TrainedCell[],
  pool: JobPool,
) {
  const opening = await openLedger(ledgerPath(plan)).record({
    dataHash: data.manifest.dataHash,
    command: plan.command,
    run: plan.name,
  });
  const cells = trained.map(async ({ folder, protocol, record }) => {
    const fusion = record.method.fusion ?? null;
    const job = { kind: "test", data: plan.data, folder, protocol, fusion, opening } as const;
    const test = await pool.run(job);
    return { ...record, test };
  });
  return {
    cells: await Promise.all(cells),
    media: sampleMedia(data.openTest(opening), data.manifest),
  };
}

function describeConfig(plan: ComparisonPlan, cells: readonly PlannedCell[]) {
  const { encoders, dim, batchSize, epochs, optimizer, clip } = plan.recipe.training;
  const { sampling, samplingWeights, augment } = plan.recipe.training;
  return {
    data: plan.data.name,
    ...(plan.protocols && { protocols: plan.protocols }),
    seeds: plan.seeds,
    encoders,
    dim,
    batchSize,
    epochs: plan.changes.epochs ?? epochs,
    optimizer,
    clip,
    sampling,
    samplingWeights,
    augment,
    methods: Object.fromEntries(
      cells.map(({ job: { method, training, select } }) => [
        method.label,
        {
          options: method.options,
          learningRate: training.optimizer.options.rate,
          keptEpoch: select,
        },
      ]),
    ),
  };
}

/** One line per epoch of each cell. */
function metricsLines(cells: readonly CellRecord[]): string {
  return cells
    .flatMap(({ method, protocol, seed, epochs }) =>
      epochs.map(
        (epoch) =>
          `${JSON.stringify({ method: method.label, protocol: protocol.label, seed, ...epoch })}\n`,
      ),
    )
    .join("");
}

import { join } from "node:path";
import { modalityNames } from "../../data/dataset.ts";
import { describeProtocol, missingShare, PROTOCOL_PARTS } from "../../data/protocols.ts";
import { OptionError } from "../../engine/errors.ts";
import { describeMethods } from "../../methods/describe.ts";
import { concat, ume, unimodal } from "../../methods/index.ts";
import { type CellRecord, type Diagnosis, diagnosisOf } from "../../report/index.ts";
import { loadData } from "../load-data.ts";
import type { Recipe } from "../recipes.ts";
import type { DataChoice } from "./cell-job.ts";
import { checkPlan } from "./check-plan.ts";
import { createJobPool } from "./job-pool.ts";
import { planCells } from "./plan.ts";
import type { RunHooks } from "./run-events.ts";
import { trainCells } from "./train-cells.ts";

const TRAINED = { alone: unimodal(), ensemble: ume(), joint: concat() };

export interface DiagnosisPlan {
  readonly data: DataChoice;
  readonly recipe: Recipe;
  readonly epochs: number | undefined;
  readonly seeds: readonly number[];
  /** Folder of the run. */
  readonly folder: string;
  readonly resume: boolean;
  readonly workers: number;
}

/**
 * Trains each modality alone and all of them jointly, and says from validation data which modality is lazy and what may
 * mend it. The test part stays shut.
 *
 * @throws {OptionError | DataError | DataFormatError} for what cannot be trained; nothing is trained then
 * @throws the signal's reason if stopped
 */
export async function diagnose(plan: DiagnosisPlan, hooks: RunHooks): Promise<Diagnosis> {
  const data = await loadData(plan.data.name, plan.data);
  const modalities = modalityNames(data.train);
  if (modalities.length < 2) {
    throw new OptionError(
      `diagnose: Cannot compare modalities: expected at least 2, got ${modalities.length}`,
    );
  }
  const { cells, asked } = planCells({
    ...plan,
    dataHash: data.manifest.dataHash,
    changes: { epochs: plan.epochs },
    methods: Object.values(TRAINED),
    folder: join(plan.folder, "cells"),
  });
  await checkPlan(cells, asked, data);
  const pool = createJobPool(plan.workers, hooks.signal);
  try {
    const { records, failures } = await trainCells(cells, pool, hooks);
    hooks.signal.throwIfAborted();
    const [failure] = failures.values();
    if (failure !== undefined) throw failure;
    const complete = PROTOCOL_PARTS.complete();
    const judged = asked.map(async ({ key, method }): Promise<CellRecord> => {
      const folder = join(plan.folder, "cells", key);
      const test = await pool.run({
        kind: "test",
        data: plan.data,
        folder,
        protocol: complete,
        fusion: null,
        opening: null,
      });
      const record = records.get(key) as CellRecord;
      return { ...record, method, protocol: describeProtocol(complete), test };
    });
    return diagnosisOf({
      cells: await Promise.all(judged),
      roles: {
        alone: TRAINED.alone.name,
        ensemble: TRAINED.ensemble.name,
        joint: TRAINED.joint.name,
      },
      data: { modalities },
      missing: missingShare(data.train),
      methods: describeMethods(),
    });
  } finally {
    await pool.close();
  }
}

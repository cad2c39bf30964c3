import type { BatchLoader } from "../../data/batch-loader.ts";
import { describeProtocol, PROTOCOL_PARTS, underProtocol } from "../../data/protocols.ts";
import type { LoadedData } from "../../data/source.ts";
import type { Engine } from "../../engine/engine.ts";
import { OptionError } from "../../engine/errors.ts";
import { METHODS } from "../../methods/registry.ts";
import type { CellRecord } from "../../report/records.ts";
import type { BatchProgress } from "../../train/config.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import { loadModel } from "../../train/load-model.ts";
import type { Model } from "../../train/model.ts";
import { inputSpecs } from "../../train/model-spec.ts";
import { train } from "../../train/train.ts";
import { sha256 } from "../hash.ts";
import { TRAINING_PARTS } from "../training-parts.ts";
import { openCellFolder, readCell } from "./cell-folder.ts";
import { cellIdentity, type TrainJob } from "./cell-job.ts";
import { DriftPoints } from "./drift-points.ts";
import { readStartWeights } from "./start-weights.ts";

/** Work of a training step in forward passes: forward once, backward twice. */
const PASSES_PER_STEP = 3;

/** Who is told, and who may stop it. */
export interface TrainCellHooks {
  readonly engine: Engine;
  /** Prepares the batches; default: this thread. */
  readonly loader?: BatchLoader;
  readonly signal: AbortSignal;
  onBatch(progress: BatchProgress): void;
  onEpoch(record: EpochRecord): void;
}

/**
 * Trains one cell, or goes on with it, and keeps all in its folder.
 *
 * @returns null if it was stopped before its first epoch ended
 * @throws {DataFormatError | OptionError} as {@link openCellFolder}
 */
export async function trainCell(
  job: TrainJob,
  data: LoadedData,
  hooks: TrainCellHooks,
): Promise<CellRecord | null> {
  const folder =
    job.folder === null
      ? undefined
      : await openCellFolder(job.folder, cellIdentity(job), job.resume);
  const earlier = folder?.earlier?.record;
  if (earlier !== undefined && !earlier.interrupted) return { ...earlier, method: job.method };
  const start = await readStart(job, hooks.engine);
  const stopped = hooks.signal.aborted && start === undefined && folder?.checkpoint === undefined;
  if (stopped) return null;
  const protocol = job.protocol ?? PROTOCOL_PARTS.complete();
  const trainPart = underProtocol(data.train, "train", protocol);
  const validation = underProtocol(data.validation, "validation", protocol);
  const inputs = inputSpecs(trainPart);
  const trained = job.weights && (await readStartWeights(job.weights, job.training, inputs));
  const moved = new DriftPoints(earlier?.drift);
  const run = train({
    ...job.training,
    data: { train: trainPart, validation },
    method: { name: job.method.name, options: job.method.options },
    seed: job.seed,
    select: job.select,
    parts: TRAINING_PARTS,
    engine: hooks.engine,
    ...(hooks.loader && { loader: hooks.loader }),
    signal: hooks.signal,
    onBatch(progress) {
      moved.take(progress);
      hooks.onBatch(progress);
    },
    ...(trained && { initial: trained.initial }),
    ...(start && { startFrom: start.parameters }),
    ...(folder?.checkpoint && { resume: folder.checkpoint }),
  });
  let interrupted = start?.record.interrupted ?? false;
  try {
    for await (const record of run) {
      await folder?.saveEpoch(run.epochs, run.checkpoint());
      hooks.onEpoch(record);
    }
  } catch (error) {
    if (!hooks.signal.aborted) throw error;
    interrupted = true;
  }
  const selectedEpoch = run.selectedEpoch ?? start?.record.selectedEpoch ?? null;
  const { model } = run;
  if (model === undefined || selectedEpoch === null) {
    model?.dispose();
    return null;
  }
  const bytes = model.save();
  const drift = moved.record();
  const record: CellRecord = {
    method: job.method,
    protocol: describeProtocol(protocol),
    seed: job.seed,
    dataset: { name: job.data.name, hash: job.dataHash },
    epochs: run.epochs,
    selectedEpoch,
    parameters: model.size,
    flops: (start?.record.flops ?? 0) + trainingFlops(model, run.epochs),
    seconds: run.epochs.reduce((sum, { seconds }) => sum + seconds, start?.record.seconds ?? 0),
    ...(drift && { drift }),
    test: null,
    interrupted,
    weightsHash: sha256(bytes),
    environment: { engine: "wasm simd", threads: 1, runtime: `node ${process.versions.node}` },
  };
  model.dispose();
  await folder?.saveEnd(record, bytes);
  return record;
}

function trainingFlops(model: Model<string>, epochs: readonly EpochRecord[]): number {
  const { flops, trainedFlops } = model;
  return epochs.reduce(
    (sum, epoch) =>
      sum + PASSES_PER_STEP * trainedFlops * samplesOf(epoch) + flops * (epoch.looked ?? 0),
    0,
  );
}

/** How many samples the epoch went through: a method may repeat some or leave some out. */
function samplesOf({ seconds, samplesPerSecond }: EpochRecord): number {
  return Math.round(seconds * samplesPerSecond);
}

/** Record and parameters of the cell that a job starts from. */
async function readStart({ method, startFrom }: TrainJob, engine: Engine) {
  const source = METHODS[method.name]?.startsFrom;
  if (source === undefined || startFrom === null) return undefined;
  const cell = await readCell(startFrom.folder);
  if (cell === undefined) {
    throw new OptionError(
      `run: Cannot train "${method.name}": expected a trained "${source.name}" to start from, got none`,
    );
  }
  const model = await loadModel(cell.model, engine);
  const parameters = model.parameters();
  model.dispose();
  return { record: cell.record, parameters };
}

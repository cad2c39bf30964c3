/** How far the steps of one modality move the shared head's outputs on the others, under each choice of projection. */
import type { PartConfig } from "../../config/part.ts";
import { batches } from "../../data/batches.ts";
import { modalityNames } from "../../data/dataset.ts";
import { createEngine } from "../../engine/create-engine.ts";
import type { Engine } from "../../engine/engine.ts";
import { InternalError, OptionError } from "../../engine/errors.ts";
import { mla } from "../../methods/index.ts";
import type { Clock, TrainingBatch } from "../../methods/method.ts";
import { adam, buildSchedule, sgd } from "../../optim/index.ts";
import { ALL_PARTS } from "../../train/all-parts.ts";
import { batchTensors } from "../../train/batch-tensors.ts";
import { Network } from "../../train/network.ts";
import { checkTraining, type Settings } from "../../train/settings.ts";
import { createTrainer } from "../../train/trainer.ts";
import { loadData } from "../load-data.ts";
import type { Recipe } from "../recipes.ts";
import type { DataChoice } from "./cell-job.ts";

export interface DriftPlan {
  readonly data: DataChoice;
  readonly recipe: Recipe;
  readonly epochs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told of each choice as it is done. */
  onRow(row: DriftRow): void;
}

/** Means over the head's steps and the other modalities: norms of what a step adds to logits. */
export interface DriftRow {
  readonly optimizer: string;
  readonly projection: string;
  /** On the mean features of the other's own last step. */
  readonly stored: number;
  /** On what its encoder makes of the batch at hand. */
  readonly current: number;
  /** Root mean square over that step's single samples. */
  readonly sample: number;
  /** trace(P) / width at the end: near 0 the head is frozen. */
  readonly trace: number;
}

const CHOICES: readonly (readonly [string, PartConfig])[] = [
  ["none", mla({ variant: "off" })],
  ["gradient", mla({ project: "gradient", bias: "free" })],
  ["update", mla({ project: "update", bias: "free" })],
  ["update, bias projected", mla({ project: "update", bias: "projected" })],
  ["update, bias projected, 4 directions", mla({ rank: 4 })],
  ["update, bias projected, all steps remembered", mla({ memory: "all" })],
];

/** Rate of Adam; that of SGD is the recipe's. */
const ADAM_RATE = 1e-3;

/** @throws {OptionError | DataError} for what cannot be trained; nothing is trained then */
export async function measureDrift(plan: DriftPlan): Promise<DriftRow[]> {
  const { train } = await loadData(plan.data.name, plan.data);
  const { length } = modalityNames(train);
  if (length < 2) {
    throw new OptionError(
      `drift: Cannot see how modalities move each other: expected at least 2, got ${length}`,
    );
  }
  const { training } = plan.recipe;
  const optimizers = [sgd(training.optimizer.options), adam({ rate: ADAM_RATE })];
  const jobs = optimizers.flatMap((optimizer) =>
    CHOICES.map(([projection, method]) => ({
      projection,
      config: { ...training, optimizer, method, data: { train }, seed: plan.seed },
    })),
  );
  const settings = jobs.map(({ config }) =>
    checkTraining({ ...config, epochs: plan.epochs, parts: ALL_PARTS }),
  );
  const rows: DriftRow[] = [];
  for (const [i, own] of settings.entries()) {
    const engine = await createEngine();
    const network = new Network(engine, own.spec, own.seed, createTrainer(engine, own.training));
    try {
      const meter = new DriftMeter(engine, network);
      for (let epoch = 0; epoch < own.epochs; epoch++) {
        let index = 0;
        for (const batch of batches(train, { size: own.batchSize, seed: own.seed, epoch })) {
          plan.signal.throwIfAborted();
          const clock = clockOf(own, epoch, index++, Math.ceil(train.size / own.batchSize));
          engine.scope(() => meter.step(batchTensors(engine, batch), clock));
        }
      }
      const row = {
        optimizer: own.training.optimizer.name,
        projection: jobs[i]?.projection as string,
        ...meter.means(),
      };
      rows.push(row);
      plan.onRow(row);
    } finally {
      network.dispose();
      engine.dispose();
    }
  }
  return rows;
}

function clockOf(
  { learningRate, schedule, epochs, seed }: Settings<string>,
  epoch: number,
  batch: number,
  batchesPerEpoch: number,
): Clock {
  const step = epoch * batchesPerEpoch + batch;
  const rate = learningRate * buildSchedule(schedule)(step, epochs * batchesPerEpoch);
  return { training: true, seed, epoch, epochs, batch, batchesPerEpoch, step, learningRate: rate };
}

/** Features of some samples with the constant 1 of the bias: row-major [rows, width]. */
interface SeenFeatures {
  readonly values: Float64Array;
  readonly rows: number;
}

/** Takes a batch's steps one modality at a time, and looks at the head before and after each. */
class DriftMeter {
  readonly #engine: Engine;
  readonly #network: Network<string>;
  readonly #width: number;
  readonly #seen = new Map<string, SeenFeatures>();
  readonly #sums = { stored: 0, current: 0, sample: 0 };
  #count = 0;

  constructor(engine: Engine, network: Network<string>) {
    this.#engine = engine;
    this.#network = network;
    this.#width = network.spec.dim + 1;
  }

  step(batch: TrainingBatch<string>, clock: Clock): void {
    for (const modality of this.#network.modalities) {
      const part = batch.inputs[modality];
      if (part === undefined) continue;
      const now = this.#featuresOf(batch, modality, clock);
      const before = this.#head();
      this.#network.method.step?.({ ...batch, inputs: { [modality]: part } }, clock);
      const change = this.#head().map((value, i) => value - (before[i] as number));
      for (const [other, stored] of this.#seen) {
        if (other === modality) continue;
        this.#sums.stored += this.#movement(change, meanOf(stored, this.#width));
        const current = batch.inputs[other] && this.#featuresOf(batch, other, clock);
        this.#sums.current += this.#movement(change, meanOf(current ?? stored, this.#width));
        this.#sums.sample += this.#spreadMovement(change, stored);
        this.#count++;
      }
      this.#seen.set(modality, now);
    }
  }

  means(): Pick<DriftRow, "stored" | "current" | "sample" | "trace"> {
    const measures = Object.values(this.#network.method.measures?.() ?? {});
    const { stored, current, sample } = this.#sums;
    const count = Math.max(this.#count, 1);
    return {
      stored: stored / count,
      current: current / count,
      sample: sample / count,
      trace: measures.reduce((sum, { trace = 1 }) => sum + trace / measures.length, 0),
    };
  }

  #head(): Float64Array {
    const found = this.#network.parameters.entries().find(([name]) => name === "method.head");
    if (found === undefined) throw new InternalError("internal: the method has no shared head");
    return Float64Array.from(found[1].view());
  }

  /** As the step itself sees them: in training mode, before the encoder moves. */
  #featuresOf(batch: TrainingBatch<string>, modality: string, clock: Clock): SeenFeatures {
    const { input, count } = batch.inputs[modality] as NonNullable<
      TrainingBatch<string>["inputs"][string]
    >;
    const values = new Float64Array(count * this.#width).fill(1);
    this.#engine.scope(() =>
      this.#engine.noGrad(() => {
        const features = this.#network.encoders[modality]?.forward(input, clock).view() ?? [];
        const dim = this.#width - 1;
        for (let i = 0; i < count; i++) {
          for (let k = 0; k < dim; k++)
            values[i * this.#width + k] = features[i * dim + k] as number;
        }
      }),
    );
    return { values, rows: count };
  }

  /** |change x| */
  #movement(change: Float64Array, x: Float64Array): number {
    let square = 0;
    for (let row = 0; row < change.length; row += this.#width) {
      let moved = 0;
      for (let k = 0; k < this.#width; k++) moved += (change[row + k] as number) * (x[k] as number);
      square += moved * moved;
    }
    return Math.sqrt(square);
  }

  #spreadMovement(change: Float64Array, { values, rows }: SeenFeatures): number {
    let squares = 0;
    for (let i = 0; i < rows; i++) {
      const moved = this.#movement(change, values.subarray(i * this.#width, (i + 1) * this.#width));
      squares += moved * moved;
    }
    return Math.sqrt(squares / rows);
  }
}

function meanOf({ values, rows }: SeenFeatures, width: number): Float64Array {
  const mean = new Float64Array(width);
  values.forEach((value, i) => {
    mean[i % width] = (mean[i % width] as number) + value / rows;
  });
  return mean;
}

/** How well each of several losses generalises when it is minimised alone. */
import type { Dataset } from "../data/dataset.ts";
import { log } from "../engine/math.ts";
import { type Optimizer, Snapshot, type StateArrays } from "../optim/index.ts";
import type { EpochPlan } from "./epoch.ts";
import { holdOut } from "./hold-out.ts";
import type { Clock, TrainingData } from "./method.ts";
import { logLikelihood } from "./strength.ts";

/** Keeps the weight of a loss finite that overfits not at all. */
const LEAST_OVERFITTING = 1e-3;

/** Mean losses on what is trained on and on what is held out. */
export interface LossPair {
  readonly train: number;
  readonly held: number;
}

export interface TrialOptions {
  /** Of each trial. */
  readonly epochs: number;
  /** Share of the training data. */
  readonly holdOut: number;
}

/**
 * Trials of one loss per modality and one of all together, each from the same parameters, then training from there with
 * what was found. The trials are the run's first epochs.
 */
export class LossTrials<M extends string> {
  readonly #modalities: readonly M[];
  readonly #optimizer: Optimizer;
  readonly #options: TrialOptions;
  readonly #fresh: StateArrays;
  readonly #count: number;
  #start: Snapshot | undefined;
  #before: LossPair[] = [];
  #after: LossPair[] = [];
  #trial = 0;

  /** @param optimizer - of all parameters, before its first step */
  constructor(modalities: readonly M[], optimizer: Optimizer, options: TrialOptions) {
    this.#modalities = modalities;
    this.#optimizer = optimizer;
    this.#options = options;
    this.#fresh = optimizer.state();
    this.#count = modalities.length + 1;
  }

  /** What each loss counts now: the modalities' in order, then that of all together. */
  get weights(): readonly number[] {
    if (this.#after.length === this.#count) return generalisation(this.#before, this.#after);
    return Array.from({ length: this.#count }, (_, k) => Number(k === this.#trial));
  }

  epochStart({ epoch, seed }: Clock, data: TrainingData<M>): EpochPlan<M> | undefined {
    const each = this.#options.epochs;
    const all = this.#count * each;
    if (epoch > all) return undefined;
    const { rest, held } = holdOut(data.dataset, this.#options.holdOut, seed);
    if (this.#start === undefined) {
      this.#start = new Snapshot(this.#optimizer.parameters);
      this.#before = this.#measure(data, rest, held);
    } else if (epoch % each === 0) {
      this.#after.push(this.#measure(data, rest, held)[epoch / each - 1] as LossPair);
      this.#start.restore();
      this.#optimizer.load(this.#fresh);
    }
    this.#trial = Math.floor(epoch / each);
    return epoch < all ? { data: rest, trial: true } : undefined;
  }

  state(): StateArrays {
    const losses = [...this.#before, ...this.#after].flatMap(({ train, held }) => [train, held]);
    return this.#start === undefined
      ? {}
      : { start: this.#start.values(), losses: Float64Array.from(losses) };
  }

  restore({ start, losses }: StateArrays): void {
    if (start === undefined || losses === undefined) return;
    this.#start = new Snapshot(this.#optimizer.parameters);
    this.#start.set(start as Float32Array);
    const pairs = Array.from({ length: losses.length / 2 }, (_, i) => ({
      train: losses[2 * i] as number,
      held: losses[2 * i + 1] as number,
    }));
    this.#before = pairs.slice(0, this.#count);
    this.#after = pairs.slice(this.#count);
  }

  dispose(): void {
    this.#start?.dispose();
  }

  #measure(data: TrainingData<M>, rest: Dataset<M>, held: Dataset<M>): LossPair[] {
    const [a, b] = [
      meanLosses(data, this.#modalities, rest),
      meanLosses(data, this.#modalities, held),
    ];
    return a.map((train, k) => ({ train, held: b[k] as number }));
  }
}

/** G / O^2 of each loss, summing to 1: G the fall of the held-out loss, O the growth of its distance to the trained one. */
export function generalisation(before: readonly LossPair[], after: readonly LossPair[]): number[] {
  const values = after.map(({ train, held }, k) => {
    const first = before[k] as LossPair;
    const gain = Math.max(first.held - held, 0);
    const overfitting = Math.max(
      Math.abs(held - train - (first.held - first.train)),
      LEAST_OVERFITTING,
    );
    return gain / (overfitting * overfitting);
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}

/** Mean cross entropy of each modality's logits and of the joint ones, over the samples that have them. */
function meanLosses<M extends string>(
  data: TrainingData<M>,
  modalities: readonly M[],
  dataset: Dataset<M>,
): number[] {
  const { alone, joint, present, classes } = data.outputs(dataset);
  const mean = (logits: Float32Array, has: (i: number) => boolean) => {
    let sum = 0;
    let count = 0;
    dataset.labels.forEach((label, i) => {
      if (!has(i)) return;
      sum -= logLikelihood(logits.subarray(i * classes, (i + 1) * classes), label);
      count++;
    });
    return count === 0 ? log(classes) : sum / count;
  };
  return [
    ...modalities.map((m) => mean(alone[m], (i) => present[m][i] === 1)),
    mean(joint as Float32Array, () => true),
  ];
}

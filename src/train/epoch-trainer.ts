import { createBatchAugmenter } from "../data/augment-batches.ts";
import { type Augmenter, buildAugmenter } from "../data/augmentation.ts";
import { countSteps, cutBatches, loadBatches } from "../data/batches.ts";
import { sampleOrder } from "../data/sampling.ts";
import { NonFiniteError } from "../engine/errors.ts";
import { firstNonFiniteOp } from "../engine/watch.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import type { Clock } from "../methods/method.ts";
import { buildSchedule, type Schedule } from "../optim/index.ts";
import { batchTensors } from "./batch-tensors.ts";
import type { TrainConfig } from "./config.ts";
import type { EpochRecord } from "./epoch-record.ts";
import { fitOutputs } from "./fuse-outputs.ts";
import type { Gate } from "./gate.ts";
import { judge } from "./judge.ts";
import { LossMeter } from "./loss-meter.ts";
import type { Network } from "./network.ts";
import { outputsOf } from "./outputs.ts";
import type { ParameterAverage } from "./parameter-average.ts";
import { PAUSE_MS, pause } from "./pause.ts";
import type { Settings } from "./settings.ts";
import { trainingData } from "./training-data.ts";

/** The one training loop: batches of an epoch go through the method's step, then the epoch is judged. */
export class EpochTrainer<M extends string> {
  readonly #network: Network<M>;
  readonly #settings: Settings<M>;
  readonly #config: TrainConfig<M>;
  readonly #schedule: Schedule;
  readonly #fusion: FittedFusion | null;
  readonly #batches: number;
  readonly #augmenters: { readonly [K in M]?: Augmenter };
  readonly #average: ParameterAverage;
  readonly #gate: Gate;
  /** When this epoch began; later by what it stood still. */
  #start = 0;
  #lastPause = performance.now();

  /**
   * @param average - of the last epochs, where the settings ask for it
   * @param gate - passed before each batch
   */
  constructor(
    network: Network<M>,
    settings: Settings<M>,
    config: TrainConfig<M>,
    average: ParameterAverage,
    gate: Gate,
  ) {
    this.#network = network;
    this.#gate = gate;
    this.#average = average;
    this.#settings = settings;
    this.#config = config;
    this.#schedule = buildSchedule(settings.schedule);
    this.#fusion = fitOutputs(network.spec.fusion, undefined, []);
    const { inputs } = settings.spec;
    this.#augmenters = Object.fromEntries(
      Object.entries(settings.augment).map(([m, own]) => [
        m,
        buildAugmenter(m, own, inputs[m as M]),
      ]),
    ) as { [K in M]?: Augmenter };
    this.#batches = countSteps(config.data.train.size, settings.batchSize);
  }

  /** Awaited once, before the first epoch. */
  async ready(): Promise<void> {
    await Promise.all((Object.values(this.#augmenters) as Augmenter[]).map((own) => own.ready?.()));
  }

  /**
   * @param epoch - counted from 0
   * @throws the signal's reason when aborted
   */
  async train(epoch: number): Promise<EpochRecord> {
    const { engine, method } = this.#network;
    const { batchSize, sampling, seed } = this.#settings;
    const { data } = this.#config;
    const meter = new LossMeter<M>();
    this.#start = performance.now();
    let looked = 0;
    const known = trainingData(
      this.#network,
      data.train,
      batchSize,
      () => this.#breathe(),
      (samples) => {
        looked += samples;
      },
    );
    const plan = (await method.epochStart?.(this.#clock(epoch, 0, this.#batches), known)) ?? {
      data: data.train,
    };
    const parts =
      plan.batches ?? cutBatches(sampleOrder(plan.data, sampling, seed, epoch), batchSize);
    let samples = 0;
    let index = 0;
    const { loader, signal } = this.#config;
    const elsewhere = loader?.load({
      dataset: plan.data,
      augment: this.#settings.augment,
      seed,
      epoch,
      signal,
    });
    const here = { ...this.#augmenters };
    for (const m of elsewhere?.done ?? []) delete here[m as M];
    const augment = createBatchAugmenter(here, seed, epoch);
    for await (const read of loadBatches(elsewhere?.dataset ?? plan.data, parts, loader?.ahead)) {
      await this.#breathe();
      const batch = augment(read);
      const clock = this.#clock(epoch, index++, parts.length);
      const step = () => {
        const losses = method.step?.(batchTensors(engine, batch), clock);
        if (losses !== undefined) meter.add(losses);
      };
      try {
        engine.scope(step);
      } catch (error) {
        throw error instanceof NonFiniteError ? this.#explain(error, clock, step) : error;
      }
      samples += batch.size;
      this.#report(epoch, index, parts.length, meter, samples);
    }
    const seconds = this.#seconds();
    return {
      epoch: epoch + 1,
      learningRate: this.#clock(epoch, 0, parts.length).learningRate,
      loss: meter.mean(),
      validation: this.#judge(epoch, plan.trial ?? false),
      ...(plan.trial && { trial: true }),
      ...(looked > 0 && { looked }),
      seconds,
      samplesPerSecond: samples / seconds,
    };
  }

  /** Judges the parameters as they are, or their average once the last epochs have begun. */
  #judge(epoch: number, trial: boolean): EpochRecord["validation"] {
    const { average, epochs } = this.#settings;
    const { validation } = this.#config.data;
    const network = this.#network;
    const judged = () =>
      validation === undefined
        ? null
        : judge(outputsOf(network, validation), validation, this.#fusion);
    if (average === 1 || trial || epoch < epochs - average) return judged();
    const now = network.snapshot();
    this.#average.add(now);
    network.restore(this.#average.mean);
    const scores = judged();
    network.restore(now);
    return scores;
  }

  /** @param batches - of this epoch; a plan may make it longer or shorter than the training part is */
  #clock(epoch: number, batch: number, batches: number): Clock {
    const { learningRate, epochs, seed } = this.#settings;
    const step = epoch * this.#batches + Math.floor((batch * this.#batches) / batches);
    return {
      training: true,
      seed,
      epoch,
      epochs,
      batch,
      batchesPerEpoch: batches,
      step,
      learningRate: learningRate * this.#schedule(step, epochs * this.#batches),
    };
  }

  /** The error with the op and the batch it came from: the step is taken once more, watched, and undone. */
  #explain({ message }: NonFiniteError, { epoch, batch }: Clock, step: () => void): NonFiniteError {
    const network = this.#network;
    const before = network.snapshot();
    const op = firstNonFiniteOp(network.engine, step);
    network.restore(before);
    const where = op === undefined ? "" : ` from op "${op}"`;
    return new NonFiniteError(
      `${message}${where} in epoch ${epoch + 1}, batch ${batch + 1}; lower the learning rate or check the data`,
    );
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#lastPause > PAUSE_MS) {
      await pause();
      this.#lastPause = performance.now();
    }
    const { signal } = this.#config;
    signal?.throwIfAborted();
    if (this.#gate.closed) {
      const since = performance.now();
      await this.#gate.passage(signal);
      this.#start += performance.now() - since;
    }
  }

  /** Spent on this epoch so far. */
  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  #report(
    epoch: number,
    batch: number,
    batches: number,
    meter: LossMeter<M>,
    samples: number,
  ): void {
    if (this.#config.onBatch === undefined) return;
    const seconds = this.#seconds();
    const { epochs } = this.#settings;
    const left = (epochs - epoch) * batches - batch;
    const { method } = this.#network;
    this.#config.onBatch({
      epoch: epoch + 1,
      epochs,
      batch,
      batches,
      loss: meter.mean(),
      samplesPerSecond: samples / seconds,
      etaSeconds: (left * seconds) / batch,
      get measures() {
        return method.measures?.();
      },
    });
  }
}

import { configOf } from "../config/part.ts";
import type { Engine } from "../engine/engine.ts";
import { captureCheckpoint, isCheckpointOf, readCheckpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import type { EpochRecord } from "./epoch-record.ts";
import { EpochTrainer } from "./epoch-trainer.ts";
import { fitOutputs } from "./fuse-outputs.ts";
import { Gate } from "./gate.ts";
import { Model } from "./model.ts";
import { buildTeacher, Network } from "./network.ts";
import { outputsOf } from "./outputs.ts";
import { ParameterAverage } from "./parameter-average.ts";
import { checkTraining, type Settings } from "./settings.ts";
import { createTrainer } from "./trainer.ts";

/** The parameters that are kept so far. */
export interface Selection {
  /** From 1. */
  readonly epoch: number;
  /** What it was selected by. */
  readonly score: number;
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * A training: iterate over it for one record per epoch, or `await run.finish()` for the model.
 *
 * The order of samples and every random number depend on (seed, epoch, step) alone, so a run that goes on from a
 * checkpoint gives the bits of one that was never stopped.
 */
export class TrainingRun<M extends string> implements AsyncIterable<EpochRecord> {
  readonly #config: TrainConfig<M>;
  readonly #makeEngine: () => Promise<Engine>;
  readonly #settings: Settings<M>;
  readonly #epochs: EpochRecord[] = [];
  readonly #average = new ParameterAverage();
  readonly #gate: Gate;
  readonly #records: AsyncGenerator<EpochRecord, void, void>;
  #network: Network<M> | undefined;
  #stage: TrainingRun<M> | undefined;
  #model: Model<M> | undefined;
  #selection: Selection | undefined;
  #checkpoint: (() => Uint8Array) | undefined;

  /**
   * @param makeEngine - for a configuration without one
   * @param gate - for a stage of another run: what that one is paused by
   * @throws {OptionError | DataError} if the configuration or the data are wrong; nothing is trained then
   */
  constructor(config: TrainConfig<M>, makeEngine: () => Promise<Engine>, gate = new Gate()) {
    this.#gate = gate;
    this.#makeEngine = makeEngine;
    this.#config = config;
    this.#settings = checkTraining(config);
    this.#records = this.#run();
  }

  /** Records of the epochs so far, those of the method that this one starts from first. */
  get epochs(): readonly EpochRecord[] {
    return [...(this.#stage?.epochs ?? []), ...this.#epochs];
  }

  /** The epoch whose parameters the model has, from 1; null before the first one ended. */
  get selectedEpoch(): number | null {
    return this.#selection?.epoch ?? this.#stage?.selectedEpoch ?? null;
  }

  /** True once the last epoch has ended. */
  get complete(): boolean {
    const own = this.#network?.method.step === undefined ? 0 : this.#settings.epochs;
    return this.#network !== undefined && this.#epochs.length === own;
  }

  /** The model with the selected epoch's parameters, once the run has ended, however it ended. */
  get model(): Model<M> | undefined {
    return this.#model;
  }

  [Symbol.asyncIterator](): AsyncIterator<EpochRecord> {
    return this.#records;
  }

  /**
   * Runs to the end.
   *
   * @throws the signal's reason if it was aborted; `run.model` then has the best epoch so far
   * @throws {NonFiniteError} if the loss stops being finite; likewise
   */
  async finish(): Promise<Model<M>> {
    for await (const _ of this.#records) {
      // `epochs` keeps the records.
    }
    return this.#model as Model<M>;
  }

  /** Holds the training up within one batch, until {@link resume} or an abort; the bits stay the same. */
  async pause(): Promise<void> {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  /** True from {@link pause} to {@link resume}. */
  get paused(): boolean {
    return this.#gate.closed;
  }

  /** All that is needed to go on after the last finished epoch with the same bits; undefined before the first. */
  checkpoint(): Uint8Array | undefined {
    return this.#checkpoint?.() ?? this.#stage?.checkpoint();
  }

  async *#run(): AsyncGenerator<EpochRecord, void, void> {
    const startValues = yield* this.#firstStage();
    const engine = this.#config.engine ?? (await this.#makeEngine());
    const { definition, spec, seed, training, epochs } = this.#settings;
    const { startsFrom, firstStage = "start" } = definition;
    const teacher =
      startsFrom !== undefined && startValues !== undefined && firstStage !== "start"
        ? buildTeacher(engine, { ...spec, method: configOf("method", startsFrom) }, startValues)
        : null;
    const network = new Network(engine, spec, seed, createTrainer(engine, training), teacher);
    try {
      network.restore(this.#config.initial ?? new Map());
      if (startValues !== undefined && firstStage !== "teacher") network.restore(startValues);
      this.#resume(network);
    } catch (error) {
      network.dispose();
      throw error;
    }
    this.#network = network;
    try {
      if (network.method.step !== undefined) {
        const trainer = new EpochTrainer(
          network,
          this.#settings,
          this.#config,
          this.#average,
          this.#gate,
        );
        await trainer.ready();
        while (this.#epochs.length < epochs) {
          const record = await trainer.train(this.#epochs.length);
          this.#epochs.push(record);
          this.#select(network, record);
          // Copied now: a step of the next epoch, even one that is then given up, moves the network on.
          this.#checkpoint = captureCheckpoint(
            network,
            this.#settings,
            this.#epochs,
            this.#selection,
            this.#average,
          );
          yield record;
        }
      }
    } finally {
      this.#end(network);
    }
  }

  /** Trains the method that this one starts from, unless its parameters are given. */
  async *#firstStage(): AsyncGenerator<
    EpochRecord,
    ReadonlyMap<string, Float32Array> | undefined,
    void
  > {
    const { startsFrom, firstStage = "start" } = this.#settings.definition;
    if (startsFrom === undefined) return undefined;
    if (this.#config.startFrom !== undefined) return this.#config.startFrom;
    const { resume, ...config } = this.#config;
    const ahead = resume !== undefined && isCheckpointOf(resume, this.#settings);
    if (ahead && firstStage === "start") return undefined;
    const stage = new TrainingRun<M>(
      {
        ...config,
        method: configOf("method", startsFrom),
        // A teacher is trained anew, to the same bits: the checkpoint has what it taught, not the teacher.
        ...(resume && !ahead && { resume }),
      },
      this.#makeEngine,
      this.#gate,
    );
    this.#stage = stage;
    try {
      yield* stage;
      return (stage.model as Model<M>).parameters();
    } finally {
      stage.model?.dispose();
    }
  }

  #resume(network: Network<M>): void {
    const { resume } = this.#config;
    if (resume === undefined) return;
    // The first stage went on from it then.
    if (this.#stage !== undefined && !isCheckpointOf(resume, this.#settings)) return;
    const { averaged, epochs, selection } = readCheckpoint(resume, network, this.#settings);
    this.#average.load(averaged.count, averaged.mean);
    this.#epochs.push(...epochs);
    this.#selection = selection;
  }

  /** Keeps the parameters if this epoch is the one asked for, or better than all before. */
  #select(network: Network<M>, { epoch, validation, trial = false }: EpochRecord): void {
    if (trial) return;
    const { select } = this.#settings;
    const score = validation === null ? 0 : scoreOf(validation);
    const wanted =
      select === "best"
        ? this.#selection === undefined || score > this.#selection.score
        : epoch <= select;
    if (wanted) {
      const values = this.#average.count > 0 ? this.#average.copy() : network.snapshot();
      this.#selection = { epoch, score, values };
    }
  }

  #end(network: Network<M>): void {
    if (this.#selection !== undefined) network.restore(this.#selection.values);
    const { validation } = this.#config.data;
    const outputs = validation && outputsOf(network, validation);
    const fusion = fitOutputs(network.spec.fusion, outputs, validation?.labels ?? []);
    this.#model = new Model(network, fusion);
  }
}

/** What epochs are compared by: fused accuracy, or the mean over the modalities where nothing is fused. */
function scoreOf({ fused, modalities }: NonNullable<EpochRecord["validation"]>): number {
  if (fused !== null) return fused.accuracy;
  const all = Object.values(modalities);
  return all.reduce((sum, { accuracy }) => sum + accuracy, 0) / all.length;
}

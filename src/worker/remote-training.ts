import { OptionError } from "../engine/errors.ts";
import type { TrainConfig } from "../train/config.ts";
import type { EpochRecord } from "../train/epoch-record.ts";
import type { RemoteModel, RemoteRun } from "../train/place.ts";
import { errorOf } from "./error-message.ts";
import type { Control, EpochMessage, ModelHandle, Reply, SentConfig } from "./messages.ts";
import { sendParts } from "./sent-data.ts";
import type { TrainingWorker } from "./training-worker.ts";

/** Replies that wait until a record is asked for. */
type Kept = Exclude<Reply, { kind: "batch" | "paused" }>;

/** A training in a worker; it starts when it is first asked for a record. */
export class RemoteTraining<M extends string> implements RemoteRun<M> {
  readonly #worker: TrainingWorker;
  readonly #config: TrainConfig<M>;
  readonly #sent: SentConfig;
  readonly #epochs: EpochRecord[] = [];
  readonly #records: AsyncGenerator<EpochRecord, void, void>;
  #last: EpochMessage | undefined;
  #model: RemoteModel<M> | undefined;
  #arrived: Kept[] = [];
  #death: Error | undefined;
  #wake: () => void = () => {};
  /** The request that trains; undefined before the start and after the end. */
  #id: number | undefined;
  /** Resolves once the worker stands still; undefined while it is not to. */
  #pause: Promise<void> | undefined;
  #stands: () => void = () => {};

  /** @throws {OptionError | DataError} for what only this thread could use */
  constructor(worker: TrainingWorker, config: TrainConfig<M>) {
    for (const key of ["engine", "loader", "parts"] as const) {
      if (config[key] === undefined) continue;
      throw new OptionError(
        `train: Cannot send "${key}" to a worker: expected none, got one; the worker has its own`,
      );
    }
    this.#worker = worker;
    this.#config = config;
    this.#sent = sendable(config);
    this.#records = this.#run();
  }

  get epochs(): readonly EpochRecord[] {
    return this.#epochs;
  }

  get selectedEpoch(): number | null {
    return this.#last?.selectedEpoch ?? null;
  }

  get complete(): boolean {
    return this.#last?.complete ?? false;
  }

  get model(): RemoteModel<M> | undefined {
    return this.#model;
  }

  [Symbol.asyncIterator](): AsyncIterator<EpochRecord> {
    return this.#records;
  }

  async finish(): Promise<RemoteModel<M>> {
    for await (const _ of this.#records) {
      // `epochs` keeps the records.
    }
    return this.#model as RemoteModel<M>;
  }

  checkpoint(): Uint8Array | undefined {
    return this.#last?.checkpoint;
  }

  pause(): Promise<void> {
    if (this.#pause === undefined) {
      this.#pause = new Promise((resolve) => {
        this.#stands = resolve;
      });
      this.#tell("pause");
      if (this.#id === undefined) this.#stands();
    }
    return this.#pause;
  }

  resume(): void {
    this.#pause = undefined;
    this.#stands();
    this.#tell("resume");
  }

  get paused(): boolean {
    return this.#pause !== undefined;
  }

  /** The worker does nothing more for this training. */
  #end(): void {
    this.#id = undefined;
    this.#stands();
  }

  #tell(control: Control): void {
    if (this.#id !== undefined) this.#worker.control(this.#id, control);
  }

  async *#run(): AsyncGenerator<EpochRecord, void, void> {
    const { signal, onBatch } = this.#config;
    this.#id = this.#worker.send(
      "train",
      {
        config: this.#sent,
        batches: onBatch !== undefined,
        aborted: signal?.aborted === true,
        paused: this.paused,
      },
      {
        onReply: (reply) => {
          if (reply.kind === "batch") onBatch?.(reply.progress);
          else if (reply.kind === "paused") this.#stands();
          else this.#arrive(reply);
        },
        onDeath: (reason) => {
          this.#death = reason;
          this.#end();
          this.#wake();
        },
      },
    );
    const abort = () => this.#tell("abort");
    signal?.addEventListener("abort", abort, { once: true });
    let ended = false;
    try {
      for (;;) {
        const reply = await this.#next();
        if (reply.kind === "epoch") {
          this.#keep(reply.epoch);
          yield reply.epoch.record;
          continue;
        }
        ended = true;
        if (reply.kind === "done") return;
        throw signal?.aborted === true ? signal.reason : errorOf(reply.error);
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      // Who stops iterating stops the training; the model is that of the best epoch so far.
      if (!ended && this.#death === undefined) {
        abort();
        await this.#drain();
      }
    }
  }

  #arrive(reply: Kept): void {
    const handle: ModelHandle | undefined =
      reply.kind === "done"
        ? (reply.back as ModelHandle)
        : reply.kind === "failed"
          ? reply.model
          : undefined;
    if (handle !== undefined) this.#model = this.#worker.modelOf(handle);
    if (reply.kind !== "epoch") this.#end();
    this.#arrived.push(reply);
    this.#wake();
  }

  async #next(): Promise<Kept> {
    for (;;) {
      const reply = this.#arrived.shift();
      if (reply !== undefined) return reply;
      if (this.#death !== undefined) throw this.#death;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const reply = await this.#next();
      if (reply.kind !== "epoch") return;
      this.#keep(reply.epoch);
    }
  }

  #keep(epoch: EpochMessage): void {
    this.#epochs.push(epoch.record);
    this.#last = epoch;
  }
}

function sendable<M extends string>(config: TrainConfig<M>): SentConfig {
  const { engine: _1, signal: _2, onBatch: _3, parts: _4, loader: _5, ...rest } = config;
  return { ...rest, data: sendParts({ ...config.data }) } as unknown as SentConfig;
}

import { OptionError } from "../engine/errors.ts";
import type { TrainConfig } from "../train/config.ts";
import type { EpochRecord } from "../train/epoch-record.ts";
import type { RemoteModel, RemoteRun } from "../train/place.ts";
import { errorOf } from "./error-message.ts";
import type { EpochMessage, ModelHandle, Reply, SentConfig } from "./messages.ts";
import type { TrainingWorker } from "./training-worker.ts";

/** A training in a worker; it starts when it is first asked for a record. */
export class RemoteTraining<M extends string> implements RemoteRun<M> {
  readonly #worker: TrainingWorker;
  readonly #config: TrainConfig<M>;
  readonly #epochs: EpochRecord[] = [];
  readonly #records: AsyncGenerator<EpochRecord, void, void>;
  #last: EpochMessage | undefined;
  #model: RemoteModel<M> | undefined;
  #arrived: Reply[] = [];
  #death: Error | undefined;
  #wake: () => void = () => {};

  /** @throws {OptionError} for what only this thread could use */
  constructor(worker: TrainingWorker, config: TrainConfig<M>) {
    for (const key of ["engine", "parts"] as const) {
      if (config[key] === undefined) continue;
      throw new OptionError(
        `train: Cannot send "${key}" to a worker: expected none, got one; the worker has its own`,
      );
    }
    this.#worker = worker;
    this.#config = config;
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

  async *#run(): AsyncGenerator<EpochRecord, void, void> {
    const { signal, onBatch } = this.#config;
    const id = this.#worker.send(
      "train",
      {
        config: sendable(this.#config),
        batches: onBatch !== undefined,
        aborted: signal?.aborted === true,
      },
      {
        onReply: (reply) => {
          if (reply.kind === "batch") onBatch?.(reply.progress);
          else this.#arrive(reply);
        },
        onDeath: (reason) => {
          this.#death = reason;
          this.#wake();
        },
      },
    );
    const abort = () => this.#worker.abort(id);
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

  #arrive(reply: Reply): void {
    const handle: ModelHandle | undefined =
      reply.kind === "done"
        ? (reply.back as ModelHandle)
        : reply.kind === "failed"
          ? reply.model
          : undefined;
    if (handle !== undefined) this.#model = this.#worker.modelOf(handle);
    this.#arrived.push(reply);
    this.#wake();
  }

  async #next(): Promise<Exclude<Reply, { kind: "batch" }>> {
    for (;;) {
      const reply = this.#arrived.shift();
      if (reply !== undefined) return reply as Exclude<Reply, { kind: "batch" }>;
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
  const { engine: _1, signal: _2, onBatch: _3, parts: _4, ...rest } = config;
  return rest as unknown as SentConfig;
}

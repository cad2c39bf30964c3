import { WorkerError } from "../engine/errors.ts";
import type { TrainConfig } from "../train/config.ts";
import type { RemoteModel, RemoteRun, TrainingPlace } from "../train/place.ts";
import { errorOf } from "./error-message.ts";
import type {
  CallName,
  Calls,
  Control,
  ModelHandle,
  Reply,
  Request,
  WorkerInfo,
} from "./messages.ts";
import { createRemoteModel } from "./remote-model.ts";
import { RemoteTraining } from "./remote-training.ts";
import { listen, type WorkerLike } from "./worker-like.ts";

/** What a request hears until it ends. */
export interface Listener {
  onReply(reply: Reply): void;
  onDeath(reason: Error): void;
}

/**
 * A worker that trains and predicts, with the same bits as this thread. It is started at the first use; if it dies, all
 * that waits for it is told so by a {@link WorkerError}, and the next use starts another.
 */
export class TrainingWorker implements TrainingPlace {
  readonly #create: () => WorkerLike;
  readonly #listeners = new Map<number, Listener>();
  #worker: WorkerLike | undefined;
  #lastId = 0;

  constructor(create: () => WorkerLike) {
    this.#create = create;
  }

  /** As `train()`; a wrong configuration rejects when the run is iterated or finished. */
  train<M extends string>(config: TrainConfig<M>): RemoteRun<M> {
    return new RemoteTraining(this, config);
  }

  /** Opens a saved model in the worker. */
  async loadModel<M extends string = string>(bytes: Uint8Array): Promise<RemoteModel<M>> {
    return this.modelOf(await this.call("open", { bytes }));
  }

  /** How the worker's engine runs, and the memory that it uses. */
  info(): Promise<WorkerInfo> {
    return this.call("info", {});
  }

  /** Ends the worker: what waits for it rejects, its models are gone. */
  dispose(): void {
    this.#die(
      this.#worker,
      new WorkerError("worker: Cannot go on: expected a live worker, got dispose()"),
    );
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** One request with one answer. */
  call<K extends CallName>(call: K, sent: Calls[K]["sent"]): Promise<Calls[K]["back"]> {
    return new Promise((resolve, reject) => {
      this.send(call, sent, {
        onReply: (reply) => {
          if (reply.kind === "done") resolve(reply.back as Calls[K]["back"]);
          if (reply.kind === "failed") reject(errorOf(reply.error));
        },
        onDeath: reject,
      });
    });
  }

  /** A request with any number of answers, the last of them "done" or "failed". @returns its number */
  send<K extends CallName>(call: K, sent: Calls[K]["sent"], listener: Listener): number {
    const worker = this.#started();
    const id = ++this.#lastId;
    worker.postMessage({ id, call, sent });
    if (this.#listeners.size === 0) worker.ref?.();
    this.#listeners.set(id, listener);
    return id;
  }

  /** Stops the training of that number within one batch, holds it up or lets it go on. */
  control(id: number, call: Control): void {
    if (this.#listeners.has(id)) this.#worker?.postMessage({ id, call } satisfies Request);
  }

  /** A model of the worker that runs now; it does not outlive that worker. */
  modelOf<M extends string>(handle: ModelHandle): RemoteModel<M> {
    const worker = this.#worker;
    return createRemoteModel(handle, (call, sent) =>
      worker === this.#worker
        ? this.call(call, sent)
        : Promise.reject(
            new WorkerError(
              "model: Cannot use this model: expected the worker that holds it, got another; load it again from its file",
            ),
          ),
    );
  }

  #started(): WorkerLike {
    if (this.#worker !== undefined) return this.#worker;
    const worker = this.#create();
    listen(
      worker,
      (data) => this.#onReply(worker, data as Reply),
      (reason) => this.#die(worker, reason),
    );
    worker.unref?.();
    this.#worker = worker;
    return worker;
  }

  #onReply(worker: WorkerLike, reply: Reply): void {
    const listener = worker === this.#worker ? this.#listeners.get(reply.id) : undefined;
    if (listener === undefined) return;
    if (reply.kind === "done" || reply.kind === "failed") {
      this.#listeners.delete(reply.id);
      if (this.#listeners.size === 0) worker.unref?.();
    }
    listener.onReply(reply);
  }

  #die(worker: WorkerLike | undefined, reason: Error): void {
    if (worker === undefined || worker !== this.#worker) return;
    this.#worker = undefined;
    worker.terminate();
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const { onDeath } of listeners) onDeath(reason);
  }
}

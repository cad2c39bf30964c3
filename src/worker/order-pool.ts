import { WorkerError } from "../engine/errors.ts";
import type { BatchAnswer, BatchOrder } from "./batch-messages.ts";
import { errorOf } from "./error-message.ts";
import { listen, type WorkerLike } from "./worker-like.ts";

type Answer = Exclude<BatchAnswer, { kind: "failed" }>;

interface Waiting {
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

interface Running {
  readonly worker: WorkerLike;
  /** By number of the order. */
  readonly waiting: Map<number, Waiting>;
}

/** Workers that are started when there is work, and do each order they are sent. */
export class OrderPool {
  readonly #create: () => WorkerLike;
  readonly #places: (Running | undefined)[];
  #lastId = 0;

  /** @param workers - most that run at a time */
  constructor(create: () => WorkerLike, workers: number) {
    this.#create = create;
    this.#places = Array.from({ length: workers }, () => undefined);
  }

  /**
   * One order, done by the worker with the least to do.
   *
   * @throws the error of the worker with its class; {@link WorkerError} if it dies; the signal's reason, at once
   */
  async run(order: Omit<BatchOrder, "id">, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    const { worker, waiting } = this.#leastBusy();
    const id = ++this.#lastId;
    worker.postMessage({ ...order, id } satisfies BatchOrder, [order.buffer]);
    return new Promise<Answer>((resolve, reject) => {
      const stop = () => end(() => reject(signal?.reason));
      const end = (tell: () => void) => {
        signal?.removeEventListener("abort", stop);
        waiting.delete(id);
        if (waiting.size === 0) worker.unref?.();
        tell();
      };
      signal?.addEventListener("abort", stop, { once: true });
      if (waiting.size === 0) worker.ref?.();
      waiting.set(id, {
        resolve: (answer) => end(() => resolve(answer)),
        reject: (reason) => end(() => reject(reason)),
      });
    });
  }

  dispose(): void {
    const reason = new WorkerError("loader: Cannot go on: expected live workers, got dispose()");
    for (const running of this.#places) if (running !== undefined) this.#end(running, reason);
  }

  #leastBusy(): Running {
    const load = (place: Running | undefined) => place?.waiting.size ?? 0;
    let best = 0;
    this.#places.forEach((place, i) => {
      if (load(place) < load(this.#places[best])) best = i;
    });
    const running = this.#places[best] ?? this.#start();
    this.#places[best] = running;
    return running;
  }

  #start(): Running {
    const worker = this.#create();
    const running: Running = { worker, waiting: new Map() };
    listen(
      worker,
      (data) => {
        const answer = data as BatchAnswer;
        const waiting = running.waiting.get(answer.id);
        if (answer.kind === "failed") waiting?.reject(errorOf(answer.error));
        else waiting?.resolve(answer);
      },
      (reason) => this.#end(running, reason),
    );
    worker.unref?.();
    return running;
  }

  #end(running: Running, reason: Error): void {
    const place = this.#places.indexOf(running);
    if (place < 0) return;
    this.#places[place] = undefined;
    running.worker.terminate();
    for (const waiting of [...running.waiting.values()]) waiting.reject(reason);
  }
}

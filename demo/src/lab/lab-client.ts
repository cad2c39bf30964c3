/** The page's end of a lab: a worker that trains, and answers while the page stays free. */
import type { Lab } from "./lab.ts";
import type { LabEvent, Reply, Request } from "./protocol.ts";

/** What a lab can be asked for. */
type Calls = {
  [K in keyof Lab as Lab[K] extends (...args: never[]) => unknown ? K : never]: Lab[K];
};

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

export class LabClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #dead = false;

  constructor(onEvent: (event: LabEvent) => void) {
    this.#worker = new Worker(new URL("./lab.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("event" in data) onEvent(data.event);
      else this.#settle(data);
    };
    this.#worker.onerror = ({ message }) => {
      const error = new Error(
        `The worker that trains stopped: ${message || "its script did not load"}. Train again; another one will start.`,
      );
      this.#dead = true;
      this.#worker.terminate();
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
  }

  /** True once its worker failed: nothing is answered any more. */
  get dead(): boolean {
    return this.#dead;
  }

  call<K extends keyof Calls>(
    call: K,
    ...args: Parameters<Calls[K]>
  ): Promise<Awaited<ReturnType<Calls[K]>>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, args } satisfies Request);
    });
  }

  #settle(reply: Exclude<Reply, { event: LabEvent }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("result" in reply) waiting?.resolve(reply.result as never);
    else waiting?.reject(Object.assign(new Error(reply.error.message), { name: reply.error.name }));
  }
}

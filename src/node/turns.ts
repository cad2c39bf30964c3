/** Work for a few workers, each at one thing at a time: who comes when none is free waits for a turn. */
export class Turns<W> {
  readonly #idle: W[];
  readonly #waiting: (() => void)[] = [];
  readonly #atWork = new Set<Promise<unknown>>();
  #stopped: { readonly reason: unknown } | undefined;

  constructor(workers: readonly W[]) {
    this.#idle = [...workers];
  }

  /** @throws the reason of {@link stop} where that came before the turn; what `work` throws */
  async take<T>(work: (worker: W) => Promise<T>): Promise<T> {
    while (this.#idle.length === 0 && !this.#stopped) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#stopped) throw this.#stopped.reason;
    const worker = this.#idle.shift() as W;
    const working = work(worker);
    this.#atWork.add(working);
    try {
      return await working;
    } finally {
      this.#atWork.delete(working);
      this.#idle.push(worker);
      this.#waiting.shift()?.();
    }
  }

  /** Nothing more begins: who waits, and who comes later, is refused with the first reason. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** When all that is at work has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#atWork);
  }
}

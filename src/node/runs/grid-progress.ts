import type { BatchProgress } from "../../train/config.ts";

/** How far a grid of trainings has come. */
export interface GridStand {
  readonly done: number;
  readonly total: number;
  /** Null before anything can be said. */
  readonly etaSeconds: number | null;
}

/** Counts trainings and estimates what is left from the work done so far in this process. */
export class GridProgress {
  readonly #now: () => number;
  readonly #start: number;
  readonly #left = new Map<string, number>();
  readonly #total: number;
  readonly #all: number;
  /** Work that was done before this process. */
  #kept = 0;
  #done = 0;

  /**
   * @param work - epochs that each training takes, by key; 0 for what is not trained
   * @param now - a clock in milliseconds
   */
  constructor(work: ReadonlyMap<string, number>, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
    for (const [key, epochs] of work) this.#left.set(key, epochs);
    this.#total = work.size;
    this.#all = [...work.values()].reduce((sum, epochs) => sum + epochs, 0);
  }

  batch(key: string, { epoch, epochs, batch, batches }: BatchProgress): void {
    const left = epochs - (epoch - 1) - batch / batches;
    const before = this.#left.get(key);
    // The first news of a training that goes on from a checkpoint: what lies before it took no time here.
    if (before === epochs && epoch > 1) this.#kept += epoch - 1;
    this.#left.set(key, left);
  }

  /** @param kept - true if it was finished before */
  end(key: string, kept: boolean): void {
    if (kept) this.#kept += this.#left.get(key) ?? 0;
    this.#left.set(key, 0);
    this.#done++;
  }

  stand(): GridStand {
    const left = [...this.#left.values()].reduce((sum, epochs) => sum + epochs, 0);
    const worked = this.#all - this.#kept - left;
    const seconds = (this.#now() - this.#start) / 1000;
    return {
      done: this.#done,
      total: this.#total,
      etaSeconds: worked > 0 ? (seconds * left) / worked : null,
    };
  }
}

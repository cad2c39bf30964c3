import type { StepLosses } from "../methods/method.ts";
import type { EpochRecord } from "./epoch-record.ts";

/** Mean losses over the steps of an epoch; a modality counts in the steps that had it. */
export class LossMeter<M extends string> {
  #total = 0;
  #steps = 0;
  readonly #modalities = new Map<string, { sum: number; steps: number }>();

  add({ total, modalities }: StepLosses<M>): void {
    this.#total += total;
    this.#steps++;
    for (const [m, loss] of Object.entries(modalities) as [M, number][]) {
      const entry = this.#modalities.get(m) ?? { sum: 0, steps: 0 };
      this.#modalities.set(m, { sum: entry.sum + loss, steps: entry.steps + 1 });
    }
  }

  mean(): EpochRecord["loss"] {
    const modalities = [...this.#modalities].map(([m, { sum, steps }]) => [m, sum / steps]);
    return { total: this.#total / this.#steps, modalities: Object.fromEntries(modalities) };
  }
}

/** Averages of parameters over the ends of epochs. */

/**
 * A running mean of parameters and buffers, as they are at the ends of a run's last epochs. Batch norm's statistics are
 * averaged with the weights, not measured anew.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018, with the mean
 * over few epochs of Kaddour, "Stop Wasting My Time! Saving Days of ImageNet and BERT Training with Latest Weight
 * Averaging", 2022.
 */
export class ParameterAverage {
  #count = 0;
  #mean = new Map<string, Float32Array>();

  /** How many ends of epochs are in it. */
  get count(): number {
    return this.#count;
  }

  /** By name; empty before the first. */
  get mean(): ReadonlyMap<string, Float32Array> {
    return this.#mean;
  }

  add(values: ReadonlyMap<string, Float32Array>): void {
    this.#count++;
    for (const [name, now] of values) {
      const mean = this.#mean.get(name);
      if (mean === undefined) this.#mean.set(name, now.slice());
      else {
        for (const [i, old] of mean.entries()) {
          mean[i] = old + ((now[i] as number) - old) / this.#count;
        }
      }
    }
  }

  copy(): Map<string, Float32Array> {
    return new Map([...this.#mean].map(([name, values]) => [name, values.slice()]));
  }

  load(count: number, mean: ReadonlyMap<string, Float32Array>): void {
    this.#count = count;
    this.#mean = new Map([...mean].map(([name, values]) => [name, values.slice()]));
  }
}

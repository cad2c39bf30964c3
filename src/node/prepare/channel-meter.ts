/** Mean and deviation per value of the last axis, over samples that come one after the other. */
import type { ChannelNorm } from "../../data/normalise.ts";

export class ChannelMeter {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  /** @param channels - length of the last axis */
  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** Takes a sample in; the order of samples decides the last bits. */
  add(values: ArrayLike<number>): void {
    const channels = this.#sums.length;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const c = i % channels;
      this.#sums[c] = (this.#sums[c] as number) + value;
      this.#squares[c] = (this.#squares[c] as number) + value * value;
    }
    this.#count += values.length / channels;
  }

  /** @param full - the value that counts as 1. A channel that never changes has deviation 1. */
  norm(full: number): ChannelNorm {
    const count = Math.max(1, this.#count);
    const means = Array.from(this.#sums, (sum) => sum / count);
    const deviations = Array.from(this.#squares, (sum, c) => {
      const mean = means[c] as number;
      const variance = sum / count - mean * mean;
      return variance > 1e-12 * full * full ? Math.sqrt(variance) : full;
    });
    return {
      mean: means.map((mean) => mean / full),
      deviation: deviations.map((deviation) => deviation / full),
    };
  }
}

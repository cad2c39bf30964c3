/** Confidences that must follow how hard each sample has been so far. */
import type { Tensor } from "../engine/tensor.ts";
import { gatherRows, mean, mul, relu, sub } from "../ops/index.ts";

/** Losses that each training sample has had so far, added up. */
export class LossHistory {
  readonly sums: Float32Array;

  constructor(sums: Float32Array) {
    this.sums = sums;
  }

  /** Adds the losses of some samples, and returns their sums so far, min-max normalised over all samples. */
  add(samples: Int32Array, losses: Float64Array): Float64Array {
    const { sums } = this;
    samples.forEach((index, i) => {
      sums[index] = (sums[index] as number) + (losses[i] as number);
    });
    const low = sums.reduce((a, b) => Math.min(a, b));
    const range = sums.reduce((a, b) => Math.max(a, b)) - low || 1;
    return Float64Array.from(samples, (index) => ((sums[index] as number) - low) / range);
  }
}

/**
 * mean_i max(0, sign(l_i - l_j) (conf_i - conf_j) - |l_i - l_j|), j the right neighbour of i, the last one's the first.
 *
 * @param confidence - [n]
 * @param difficulty - l, [n]
 */
export function rankLoss(confidence: Tensor, difficulty: Float64Array): Tensor {
  const { engine } = confidence;
  const n = difficulty.length;
  const next = Int32Array.from(difficulty, (_, i) => (i + 1) % n);
  const gaps = difficulty.map((own, i) => own - (difficulty[next[i] as number] as number));
  const neighbours = gatherRows(confidence, engine.tensor(next, [n], { dtype: "i32" }));
  const ahead = mul(engine.tensor(gaps.map(Math.sign)), sub(confidence, neighbours));
  return mean(relu(sub(ahead, engine.tensor(gaps.map(Math.abs)))));
}

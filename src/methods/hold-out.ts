import { type Dataset, subset } from "../data/dataset.ts";
import { Random } from "../random.ts";

/** Training data in two: what is trained on, and a slice that generalisation is measured on. */
export interface HeldOut<M extends string> {
  readonly rest: Dataset<M>;
  readonly held: Dataset<M>;
}

/** Sets a share of the samples apart, at least one; the same ones for the same seed. */
export function holdOut<M extends string>(
  dataset: Dataset<M>,
  share: number,
  seed: number,
): HeldOut<M> {
  const order = Int32Array.from({ length: dataset.size }, (_, i) => i);
  new Random(seed, "held out").shuffle(order);
  const cut = Math.ceil(share * dataset.size);
  return {
    held: subset(dataset, order.subarray(0, cut).sort()),
    rest: subset(dataset, order.subarray(cut).sort()),
  };
}

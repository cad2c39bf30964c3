import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { sgd } from "../../src/optim/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import { train as startTraining } from "../../src/train/train.ts";

const { train, validation } = await createSynthetic({
  sizes: { train: 120, validation: 60, test: 30 },
  seed: 3,
});

/** A small training that ends in well under a second. */
export const SMALL: TrainConfig<"easy" | "hard"> = {
  data: { train, validation },
  encoders: { easy: mlp({ hidden: [8] }), hard: mlp({ hidden: [8] }) },
  optimizer: sgd({ rate: 0.05, momentum: 0.9 }),
  dim: 8,
  epochs: 4,
  batchSize: 32,
  seed: 5,
};

export type Weights = ReadonlyMap<string, Float32Array>;

/** Parameters by name at the end of a training. */
export async function weightsOf(config: TrainConfig<"easy" | "hard">): Promise<Weights> {
  return (await startTraining(config).finish()).parameters();
}

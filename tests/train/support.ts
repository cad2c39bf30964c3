import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { sgd } from "../../src/optim/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";

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

/** Small CNN on 64 pictures of 28 x 28: conv 3 x 3 to 16 channels, pool, conv 3 x 3 to 32, pool, linear to 10 classes. */
import type { Engine } from "../src/index.ts";
import { conv2d, linear, maxPool2d, reshape } from "../src/ops/index.ts";
import type { BenchGroup } from "./support/bench-case.ts";
import { expectLearns, expectNear } from "./support/expect.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";
import { trainingStep, type Workload } from "./support/training.ts";

const BATCH = 64;
const FIRST = 2 * BATCH * 28 * 28 * 9 * 16;
const SECOND = 2 * BATCH * 14 * 14 * 9 * 16 * 32;
const LINEAR = 2 * BATCH * 7 * 7 * 32 * 10;

function cnn(engine: Engine): Workload {
  const x = input(engine, [BATCH, 28, 28, 1]);
  const first = parameter(engine, [3, 3, 1, 16], Math.sqrt(6 / 9));
  const firstBias = constantParameter(engine, [16], 0);
  const second = parameter(engine, [3, 3, 16, 32], Math.sqrt(6 / 144));
  const secondBias = constantParameter(engine, [32], 0);
  const weight = parameter(engine, [10, 7 * 7 * 32], Math.sqrt(3 / 1568));
  const bias = constantParameter(engine, [10], 0);
  return {
    engine,
    parameters: [first, firstBias, second, secondBias, weight, bias],
    labels: indices(engine, BATCH, 10),
    rate: 0.01,
    forward() {
      const block = { padding: 1, activation: "relu" } as const;
      const h = maxPool2d(conv2d(x, first, { ...block, bias: firstBias }), 2);
      const g = maxPool2d(conv2d(h, second, { ...block, bias: secondBias }), 2);
      return linear(reshape(g, [BATCH, -1]), weight, { bias });
    },
  };
}

export const cnnGroup: BenchGroup = {
  title: "Small CNN, 28 x 28, channels 16 and 32 with pooling, batch 64",
  cases: [
    {
      name: "cnn forward",
      work: { amount: FIRST + SECOND + LINEAR, unit: "FLOP" },
      prepare(engine) {
        const { forward } = cnn(engine);
        const run = () => engine.noGrad(() => engine.scope(() => forward().view()[0] as number));
        expectNear("first logit, computed twice", run(), run(), 0);
        return { run };
      },
    },
    {
      name: "cnn step",
      work: { amount: 2 * FIRST + 3 * (SECOND + LINEAR), unit: "FLOP" },
      prepare(engine) {
        const run = trainingStep(cnn(engine));
        expectLearns(run, 20);
        return { run };
      },
    },
  ],
};

/** MLP 784-512-512-10 on a batch of 64: the whole training step. */
import type { Engine } from "../src/index.ts";
import { linear } from "../src/ops/index.ts";
import type { BenchGroup } from "./support/bench-case.ts";
import { expectLearns } from "./support/expect.ts";
import { indices, input, parameter } from "./support/seeded.ts";
import { trainingStep, type Workload } from "./support/training.ts";

const BATCH = 64;
const WIDTHS = [784, 512, 512, 10] as const;

/** Forward, then both gradients; the first layer's input takes none. */
const products = WIDTHS.slice(1).map((width, i) => 2 * BATCH * width * (WIDTHS[i] as number));
const flops = products.reduce((sum, product, i) => sum + (i === 0 ? 2 : 3) * product, 0);

export function mlp(engine: Engine): Workload {
  const x = input(engine, [BATCH, WIDTHS[0]]);
  const layers = WIDTHS.slice(1).map((outputs, i) => {
    const inputs = WIDTHS[i] as number;
    const weight = parameter(engine, [outputs, inputs], Math.sqrt(3 / inputs));
    return { weight, bias: parameter(engine, [outputs], 0.01) };
  });
  return {
    engine,
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    labels: indices(engine, BATCH, 10),
    rate: 0.01,
    forward() {
      let h = x;
      layers.forEach(({ weight, bias }, i) => {
        const activation = i < layers.length - 1 ? "relu" : "none";
        h = linear(h, weight, { bias, activation });
      });
      return h;
    },
  };
}

export const mlpGroup: BenchGroup = {
  title: "MLP 784-512-512-10, batch 64: forward, cross entropy, backward, SGD with momentum",
  cases: [
    {
      name: "mlp step",
      work: { amount: flops, unit: "FLOP" },
      prepare(engine) {
        const run = trainingStep(mlp(engine));
        expectLearns(run, 20);
        return { run };
      },
    },
  ],
};

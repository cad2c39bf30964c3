import type { Engine, Tensor } from "../../src/index.ts";
import { crossEntropy } from "../../src/ops/index.ts";
import { Sgd } from "../../src/optim/index.ts";

/** A network and its batch. */
export interface Workload {
  readonly engine: Engine;
  readonly parameters: readonly Tensor[];
  readonly labels: Tensor;
  readonly rate: number;
  forward(): Tensor;
}

/** One whole training step through the public API: forward, cross entropy, backward, SGD with momentum. Gives the loss. */
export function trainingStep({
  engine,
  parameters,
  labels,
  rate,
  forward,
}: Workload): () => number {
  const optimizer = new Sgd(parameters, { rate, momentum: 0.9, weightDecay: 0 });
  return () =>
    engine.scope(() => {
      optimizer.clearGradients();
      const loss = crossEntropy(forward(), labels);
      engine.backward(loss);
      optimizer.step();
      return loss.item();
    });
}

/**
 * What it costs a training in the page's own thread to let the page live: stretches of steps as long as the loop goes on
 * without a pause, with and without one after each, in turn. The row is the fastest with over the fastest without.
 */
import { crossEntropy, linear } from "../src/ops/index.ts";
import { Sgd } from "../src/optim/index.ts";
import { PAUSE_MS, pause } from "../src/train/pause.ts";
import type { BenchGroup } from "./support/bench-case.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";

const BATCH = 64;
const INPUTS = 256;
const HIDDEN = 128;
const CLASSES = 10;

export const yieldingGroup: BenchGroup = {
  title: `A training that yields to the page every ${PAUSE_MS} ms: MLP ${INPUTS}-${HIDDEN}-${CLASSES}, batch ${BATCH}`,
  cases: [
    {
      name: "yielding to the page",
      async prepare(engine, { quick }) {
        const x = input(engine, [BATCH, INPUTS]);
        const labels = indices(engine, BATCH, CLASSES);
        const first = parameter(engine, [HIDDEN, INPUTS], 0.1);
        const bias = constantParameter(engine, [HIDDEN], 0);
        const second = parameter(engine, [CLASSES, HIDDEN], 0.1);
        const optimizer = new Sgd([first, bias, second], { rate: 0.01 });
        const step = (): void =>
          engine.scope(() => {
            optimizer.clearGradients();
            const hidden = linear(x, first, { bias, activation: "relu" });
            engine.backward(crossEntropy(linear(hidden, second), labels));
            optimizer.step();
          });
        const steps = stepsIn(PAUSE_MS, step);
        const stretch = async (yielding: boolean): Promise<number> => {
          const start = performance.now();
          for (let i = 0; i < steps; i++) step();
          if (yielding) await pause();
          return performance.now() - start;
        };
        let [without, yielding] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
        for (let i = 0; i < (quick ? 20 : 100); i++) {
          without = Math.min(without, await stretch(false));
          yielding = Math.min(yielding, await stretch(true));
        }
        return { quantity: Number((yielding / without).toFixed(4)), unit: "x without" };
      },
    },
  ],
};

/** How often `step` runs in so many milliseconds, warm. */
function stepsIn(ms: number, step: () => void): number {
  const run = (): number => {
    let count = 0;
    for (const start = performance.now(); performance.now() - start < ms; count++) step();
    return count;
  };
  for (let i = 0; i < 5; i++) run();
  return run();
}

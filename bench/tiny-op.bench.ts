/** What one op costs when there is next to nothing to compute: 16 floats through the public API. */

import { replayStep } from "../src/engine/replay.ts";
import type { Engine, Tensor } from "../src/index.ts";
import { add, crossEntropy, linear, mul, relu, sum } from "../src/ops/index.ts";
import { Sgd } from "../src/optim/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectNear } from "./support/expect.ts";
import { constantParameter } from "./support/seeded.ts";

const SIZE = 16;
const CHAIN = 256;

/**
 * Forward, tape and backward of a chain of ops in one scope, per op; `slope` is the gradient of the sum by x. Each chain is
 * a loop of its own, as in a program: one loop for all would also measure a call that reaches now this op, now that.
 */
function chain(
  what: string,
  slope: number,
  ops: (x: Tensor, w: Tensor) => Tensor,
  weight: number,
): BenchCase {
  return {
    name: `tiny op, ${what}`,
    work: { amount: 1, unit: "op" },
    prepare(engine: Engine) {
      const x = constantParameter(engine, [SIZE], 1);
      const w = constantParameter(engine, [SIZE], weight);
      const clear = () => {
        engine.core.clearGrad(x.pointer);
        engine.core.clearGrad(w.pointer);
      };
      const run = () => {
        clear();
        engine.scope(() => engine.backward(sum(ops(x, w))));
      };
      run();
      expectNear("gradient", engine.gradient(x)?.[SIZE - 1] ?? Number.NaN, slope, 1e-5);
      return { run, calls: CHAIN };
    },
  };
}

function addChain(h: Tensor, w: Tensor): Tensor {
  for (let i = 0; i < CHAIN; i++) h = add(h, w);
  return h;
}

function mulChain(h: Tensor, w: Tensor): Tensor {
  for (let i = 0; i < CHAIN; i++) h = mul(h, w);
  return h;
}

function reluChain(h: Tensor): Tensor {
  for (let i = 0; i < CHAIN; i++) h = relu(h);
  return h;
}

function addNumberChain(h: Tensor): Tensor {
  for (let i = 0; i < CHAIN; i++) h = add(h, 0.5);
  return h;
}

/** A step of a net of three layers of 16, composed by the host or replayed. */
function tinyNet(what: string, composed: boolean): BenchCase {
  return {
    name: `tiny net step${what}`,
    work: { amount: 1, unit: "op" },
    prepare(engine: Engine) {
      const x = engine.tensor(0.25, [SIZE, SIZE], { persistent: true });
      const labels = engine.tensor(1, [SIZE], { dtype: "i32", persistent: true });
      const weights = [0.1, 0.2, 0.3].map((value) =>
        constantParameter(engine, [SIZE, SIZE], value),
      );
      const sgd = new Sgd(weights, { rate: 0.01 });
      const body = (): Tensor => {
        sgd.clearGradients();
        const [first, second, last] = weights as [Tensor, Tensor, Tensor];
        const h = linear(linear(x, first, { activation: "relu" }), second, { activation: "relu" });
        const loss = crossEntropy(linear(h, last), labels);
        engine.backward(loss);
        sgd.step();
        return loss;
      };
      const step = composed ? () => engine.scope(() => body().item()) : replayStep(engine, body);
      expectNear("loss", step(), Math.log(SIZE), 1e-5);
      const calls = 100;
      return {
        calls,
        run: () => {
          for (let i = 0; i < calls; i++) step();
        },
      };
    },
  };
}

export const tinyOpGroup: BenchGroup = {
  title: `Tiny op: 16 floats, forward, tape and backward, per op of a chain of ${CHAIN}`,
  cases: [
    chain("add", 1, addChain, 0.5),
    chain("mul", 1, mulChain, 1),
    chain("relu", 1, reluChain, 1),
    chain("add a number", 1, addNumberChain, 1),
    {
      name: "tiny step",
      work: { amount: 1, unit: "op" },
      prepare(engine) {
        const x = constantParameter(engine, [SIZE], 1);
        const w = constantParameter(engine, [SIZE], 0.5);
        const step = () =>
          engine.scope(() => {
            const loss = sum(mul(x, w));
            engine.backward(loss);
            return loss.item();
          });
        expectNear("loss", step(), 8, 0);
        const calls = 100;
        return {
          calls,
          run: () => {
            for (let i = 0; i < calls; i++) step();
          },
        };
      },
    },
    tinyNet("", true),
    tinyNet(", replayed", false),
  ],
};

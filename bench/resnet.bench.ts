/** ResNet-18 (He et al., CVPR 2016) with batch norm on 8 pictures: the whole training step. */
import type { Engine, Tensor } from "../src/index.ts";
import {
  add,
  type BatchNormState,
  batchNorm,
  conv2d,
  globalAvgPool,
  linear,
  maxPool2d,
  relu,
} from "../src/ops/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectLearns } from "./support/expect.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";
import { trainingStep, type Workload } from "./support/training.ts";

const BATCH = 8;
const CLASSES = 1000;
const STAGES = [64, 128, 256, 512] as const;

interface Layer {
  readonly parameters: readonly Tensor[];
  forward(x: Tensor): Tensor;
}

/** Convolution without bias, then batch norm. */
function convNorm(
  engine: Engine,
  kernel: number,
  inputs: number,
  outputs: number,
  stride: number,
  activation: "relu" | "none",
): Layer {
  const fan = kernel * kernel * inputs;
  const weight = parameter(engine, [kernel, kernel, inputs, outputs], Math.sqrt(6 / fan));
  const state: BatchNormState = {
    gamma: constantParameter(engine, [outputs], 1),
    beta: constantParameter(engine, [outputs], 0),
    runningMean: engine.tensor(0, [outputs], { persistent: true }),
    runningVar: engine.tensor(1, [outputs], { persistent: true }),
  };
  const padding = (kernel - 1) / 2;
  return {
    parameters: [weight, state.gamma, state.beta],
    forward: (x) =>
      batchNorm(conv2d(x, weight, { stride, padding }), state, { training: true, activation }),
  };
}

function basicBlock(engine: Engine, inputs: number, outputs: number, stride: number): Layer {
  const first = convNorm(engine, 3, inputs, outputs, stride, "relu");
  const second = convNorm(engine, 3, outputs, outputs, 1, "none");
  const shortcut =
    stride === 1 && inputs === outputs
      ? undefined
      : convNorm(engine, 1, inputs, outputs, stride, "none");
  return {
    parameters: [first, second, ...(shortcut === undefined ? [] : [shortcut])].flatMap(
      (layer) => layer.parameters,
    ),
    forward: (x) => relu(add(second.forward(first.forward(x)), shortcut?.forward(x) ?? x)),
  };
}

function resnet(engine: Engine, size: number): Workload {
  const x = input(engine, [BATCH, size, size, 3]);
  const stem = convNorm(engine, 7, 3, 64, 2, "relu");
  const blocks = STAGES.flatMap((outputs, stage) => [
    basicBlock(engine, STAGES[Math.max(0, stage - 1)] as number, outputs, stage === 0 ? 1 : 2),
    basicBlock(engine, outputs, outputs, 1),
  ]);
  const weight = parameter(engine, [CLASSES, 512], Math.sqrt(3 / 512));
  const bias = constantParameter(engine, [CLASSES], 0);
  return {
    engine,
    parameters: [...[stem, ...blocks].flatMap((layer) => layer.parameters), weight, bias],
    labels: indices(engine, BATCH, CLASSES),
    rate: 0.01,
    forward() {
      let h = maxPool2d(stem.forward(x), 3, { stride: 2, padding: 1 });
      for (const block of blocks) h = block.forward(h);
      return linear(globalAvgPool(h), weight, { bias });
    },
  };
}

/** Of the products alone: forward, and both gradients but for the stem's input. */
function flops(size: number): number {
  const half = (n: number): number => Math.ceil(n / 2);
  const stemSize = half(size);
  const stem = 2 * BATCH * stemSize ** 2 * 49 * 3 * 64;
  let side = half(stemSize);
  let rest = 2 * BATCH * 512 * CLASSES;
  let inputs = 64;
  for (const outputs of STAGES) {
    if (outputs !== inputs) side = half(side);
    const filters = 9 * inputs * outputs + 27 * outputs ** 2;
    const shortcut = outputs === inputs ? 0 : inputs * outputs;
    rest += 2 * BATCH * side ** 2 * (filters + shortcut);
    inputs = outputs;
  }
  return 2 * stem + 3 * rest;
}

function step(size: number): BenchCase {
  return {
    name: `resnet18 step ${size}`,
    work: { amount: flops(size), unit: "FLOP" },
    prepare(engine) {
      const run = trainingStep(resnet(engine, size));
      expectLearns(run, 4);
      return { run };
    },
  };
}

export const resnetGroup: BenchGroup = {
  title: "ResNet-18 with batch norm, 8 pictures of 64 x 64 and 112 x 112, whole training step",
  cases: [step(64), step(112)],
};

import { afterAll, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import {
  add,
  batchNorm,
  fillNormal,
  gelu,
  layerNorm,
  linear,
  maxPool2d,
  mul,
  permute,
  reshape,
  softmax,
  sum,
  tanh,
} from "../../src/ops/index.ts";
import { Adam, Sgd } from "../../src/optim/index.ts";
import { TEST_THREADS } from "../support/threads.ts";

/** Long enough to be shared; neither rows nor columns are multiples of a vector or of a cache line. */
const SHAPE = [5, 21, 13, 37];
const CHANNELS = 37;

const ALONE = await createEngine();
const SHARED = await Promise.all(
  [2, 3].map((threads) => createEngine({ threads, pool: TEST_THREADS })),
);
afterAll(() => Promise.all([ALONE, ...SHARED].map((engine) => engine.dispose())));

type Loop = (x: Tensor, gamma: Tensor, beta: Tensor, weight: Tensor) => Tensor;

const LOOPS: Readonly<Record<string, Loop>> = {
  "maps and zips": (x) => mul(add(gelu(x), tanh(x)), x),
  "batch norm": (x, gamma, beta) => normBatch(x, gamma, beta, "none"),
  "batch norm with relu": (x, gamma, beta) => normBatch(x, gamma, beta, "relu"),
  "layer norm": (x, gamma, beta) => layerNorm(x, gamma, beta),
  softmax: (x) => softmax(x),
  "max pooling": (x) => maxPool2d(x, 3, { stride: 2, padding: 1 }),
  "permute and reshape": (x) => reshape(permute(x, [2, 0, 3, 1]), [-1, 13]),
  "linear with bias and relu": (x, _gamma, bias, weight) =>
    linear(x, weight, { bias, activation: "relu" }),
};

function normBatch(x: Tensor, gamma: Tensor, beta: Tensor, activation: "none" | "relu"): Tensor {
  const { engine } = x;
  const runningMean = engine.tensor(0, [CHANNELS]);
  const runningVar = engine.tensor(1, [CHANNELS]);
  const state = { gamma, beta, runningMean, runningVar };
  return batchNorm(x, state, { training: true, activation });
}

/** Result, gradients, and the inputs after one step of each optimizer. */
function bits(engine: Engine, loop: Loop): Uint8Array[] {
  return engine.scope(() => {
    const leaf = (name: string, shape: readonly number[]) => {
      const tensor = engine.tensor(0, shape, { requiresGrad: true, persistent: true });
      fillNormal(tensor, 0.1, 1, 5, name);
      return tensor;
    };
    const leaves = [
      leaf("x", SHAPE),
      leaf("gamma", [CHANNELS]),
      leaf("beta", [CHANNELS]),
      leaf("weight", [CHANNELS, CHANNELS]),
    ] as const;
    const out = loop(...leaves);
    const y = out.toArray();
    const weights = engine.tensor(0, out.shape);
    fillNormal(weights, 0, 1, 6, "dout");
    // Twice, so that x's gradient is stored first and then added to.
    engine.backward(sum(mul(out, weights)));
    engine.backward(sum(mul(out, weights)));
    const reached = leaves.filter((tensor) => engine.gradient(tensor) !== undefined);
    const gradients = reached.map((tensor) => (engine.gradient(tensor) as Float32Array).slice());
    new Adam(reached, { rate: 0.01, weightDecay: 0.1 }).step();
    new Sgd(reached, { rate: 0.01 }).step();
    new Sgd(reached, { rate: 0.01, momentum: 0.9, weightDecay: 0.1 }).step();
    const after = reached.map((tensor) => tensor.toArray());
    for (const tensor of leaves) tensor.dispose();
    return [y, ...gradients, ...after].map((values) => new Uint8Array(values.slice().buffer));
  });
}

it.each(Object.entries(LOOPS))("gives %s the same bits on 1, 2 and 3 threads", (_name, loop) => {
  const alone = bits(ALONE, loop);
  expect(alone.length).toBeGreaterThanOrEqual(3);
  for (const engine of SHARED) {
    expect(engine.info().build).toBe("simd-threads");
    const shared = bits(engine, loop);
    // Not toEqual, which takes seconds for so many bytes.
    expect(shared.map((part, i) => Buffer.compare(part, alone[i] as Uint8Array))).toEqual(
      alone.map(() => 0),
    );
  }
});

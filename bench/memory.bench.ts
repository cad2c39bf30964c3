/** Memory: what a step takes at its peak, with and without recomputation, and what a million steps add. */
import type { Engine } from "../src/index.ts";
import { crossEntropy, gelu, linear } from "../src/ops/index.ts";
import { Sgd } from "../src/optim/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";

const STEPS = 1_000_000;
const LAYERS = 32;
const [BATCH, WIDTH, CLASSES] = [256, 256, 10];

/** Peak bytes of one step of a deep net; `stretch` layers at a time are recomputed, 0: none. */
function peak(engine: Engine, stretch: number): number {
  const x = input(engine, [BATCH, WIDTH]);
  const layers = Array.from({ length: LAYERS }, () => parameter(engine, [WIDTH, WIDTH], 0.1));
  const head = parameter(engine, [CLASSES, WIDTH], 0.1);
  const labels = indices(engine, BATCH, CLASSES);
  const run = (from: number, to: number) => (start: typeof x) =>
    layers.slice(from, to).reduce((h, weight) => gelu(linear(h, weight)), start);
  engine.scope(() => {
    let h = x;
    for (let at = 0; at < LAYERS; at += stretch || LAYERS) {
      const body = run(at, at + (stretch || LAYERS));
      h = stretch === 0 ? body(h) : engine.recompute(body, h);
    }
    engine.backward(crossEntropy(linear(h, head), labels));
  });
  return engine.memory().scopesPeak;
}

/** Bytes that a million training steps of a tiny net add to the WASM memory after the first ten. */
function growth(engine: Engine, steps: number): number {
  const weight = parameter(engine, [4, 4], 0.5);
  const bias = constantParameter(engine, [4], 0);
  const x = input(engine, [4, 4]);
  const labels = indices(engine, 4, 4);
  const optimizer = new Sgd([weight, bias], { rate: 1e-3, momentum: 0.9 });
  const bytes = () => engine.core.memory.buffer.byteLength;
  let before = 0;
  for (let step = 0; step < steps; step++) {
    if (step === 10) before = bytes();
    engine.scope(() => {
      optimizer.clearGradients();
      engine.backward(crossEntropy(linear(x, weight, { bias }), labels));
      optimizer.step();
    });
  }
  return bytes() - before;
}

const peakCase = (stretch: number): BenchCase => ({
  name:
    stretch === 0
      ? "memory, peak of a step"
      : `memory, peak, ${stretch} layers recomputed at a time`,
  prepare: (engine) => ({ quantity: Math.round(peak(engine, stretch) / 1e4) / 100, unit: "MB" }),
});

export const memoryGroup: BenchGroup = {
  title: `Memory: a step of ${LAYERS} layers of ${WIDTH} with gelu, batch ${BATCH}; growth of a tiny net`,
  cases: [
    ...[0, 4, 8].map(peakCase),
    {
      name: "memory, growth over 1e6 steps",
      prepare: (engine, { quick }) => ({
        quantity: growth(engine, quick ? STEPS / 100 : STEPS),
        unit: "bytes",
      }),
    },
  ],
};

/** Two pre-norm transformer blocks (d 256, 4 heads, feed-forward 1024) on 16 x 64 tokens: the whole training step. */
import type { Engine, Tensor } from "../src/index.ts";
import {
  add,
  gelu,
  layerNorm,
  linear,
  matmul,
  mean,
  mul,
  permute,
  reshape,
  softmax,
} from "../src/ops/index.ts";
import type { BenchGroup } from "./support/bench-case.ts";
import { expectLearns } from "./support/expect.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";
import { trainingStep, type Workload } from "./support/training.ts";

const BATCH = 16;
const TOKENS = 64;
const WIDTH = 256;
const HEADS = 4;
const HEAD_WIDTH = WIDTH / HEADS;
const HIDDEN = 1024;
const BLOCKS = 2;
const CLASSES = 10;

const attentionFlops = 2 * 2 * BATCH * TOKENS * TOKENS * WIDTH;
const linearFlops = 2 * BATCH * TOKENS * (4 * WIDTH * WIDTH + 2 * WIDTH * HIDDEN);
const flops = 3 * BLOCKS * (attentionFlops + linearFlops) + 3 * 2 * BATCH * WIDTH * CLASSES;

function affine(engine: Engine, inputs: number, outputs: number) {
  const weight = parameter(engine, [outputs, inputs], Math.sqrt(3 / inputs));
  const bias = constantParameter(engine, [outputs], 0);
  return { parameters: [weight, bias], forward: (x: Tensor) => linear(x, weight, { bias }) };
}

function norm(engine: Engine) {
  const gamma = constantParameter(engine, [WIDTH], 1);
  const beta = constantParameter(engine, [WIDTH], 0);
  return { parameters: [gamma, beta], forward: (x: Tensor) => layerNorm(x, gamma, beta) };
}

/** [batch, tokens, width] -> [batch, heads, tokens, head width]. */
function toHeads(x: Tensor): Tensor {
  return permute(reshape(x, [BATCH, TOKENS, HEADS, HEAD_WIDTH]), [0, 2, 1, 3]);
}

function block(engine: Engine) {
  const parts = {
    normA: norm(engine),
    query: affine(engine, WIDTH, WIDTH),
    key: affine(engine, WIDTH, WIDTH),
    value: affine(engine, WIDTH, WIDTH),
    out: affine(engine, WIDTH, WIDTH),
    normB: norm(engine),
    up: affine(engine, WIDTH, HIDDEN),
    down: affine(engine, HIDDEN, WIDTH),
  };
  const attend = (x: Tensor): Tensor => {
    const scores = matmul(toHeads(parts.query.forward(x)), toHeads(parts.key.forward(x)), {
      transposeB: true,
    });
    const weights = softmax(mul(scores, 1 / Math.sqrt(HEAD_WIDTH)));
    const mixed = matmul(weights, toHeads(parts.value.forward(x)));
    return parts.out.forward(reshape(permute(mixed, [0, 2, 1, 3]), [BATCH, TOKENS, WIDTH]));
  };
  return {
    parameters: Object.values(parts).flatMap((part) => part.parameters),
    forward(x: Tensor): Tensor {
      const h = add(x, attend(parts.normA.forward(x)));
      return add(h, parts.down.forward(gelu(parts.up.forward(parts.normB.forward(h)))));
    },
  };
}

function transformer(engine: Engine): Workload {
  const x = input(engine, [BATCH, TOKENS, WIDTH]);
  const blocks = Array.from({ length: BLOCKS }, () => block(engine));
  const head = affine(engine, WIDTH, CLASSES);
  return {
    engine,
    parameters: [...blocks, head].flatMap((part) => part.parameters),
    labels: indices(engine, BATCH, CLASSES),
    rate: 0.01,
    forward() {
      let h = x;
      for (const { forward } of blocks) h = forward(h);
      return head.forward(mean(h, { axis: 1 }));
    },
  };
}

export const transformerGroup: BenchGroup = {
  title:
    "2 transformer blocks, d 256, 4 heads, feed-forward 1024, 16 x 64 tokens, whole training step",
  cases: [
    {
      name: "transformer step",
      work: { amount: flops, unit: "FLOP" },
      prepare(engine) {
        const run = trainingStep(transformer(engine));
        expectLearns(run, 6);
        return { run };
      },
    },
  ],
};

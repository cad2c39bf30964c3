/** Encoders of token lists, 32 texts of 32 tokens, features of 64 and a head of 10 classes: forward and whole training step. */
import { buildEncoder } from "../src/encoders/build-encoder.ts";
import { planEncoder } from "../src/encoders/plan.ts";
import { type Engine, encoders } from "../src/index.ts";
import { EVALUATION } from "../src/nn/layers.ts";
import { Parameters } from "../src/nn/parameters.ts";
import { linear } from "../src/ops/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectLearns, expectNear } from "./support/expect.ts";
import { constantParameter, indices, parameter } from "./support/seeded.ts";
import { trainingStep, type Workload } from "./support/training.ts";

const BATCH = 32;
const TOKENS = 32;
const VOCABULARY = 5000;
const DIM = 64;
const CLASSES = 10;
const INPUT = { kind: "bag", vocabulary: VOCABULARY } as const;

/** As in bench/peers/torch_bench.py: no dropout, as its masks would be others. */
const ENCODERS = {
  "text-cnn": encoders.textCnn({ maxLength: TOKENS, dropout: 0 }),
  gru: encoders.gru({ maxLength: TOKENS }),
  "transformer encoder": encoders.transformer({ maxLength: TOKENS, width: 128 }),
};
type Name = keyof typeof ENCODERS;

function build(engine: Engine, name: Name): Workload {
  const all = Parameters.create(engine, 1);
  const encoder = buildEncoder("words", ENCODERS[name], INPUT, DIM, all);
  const head = parameter(engine, [CLASSES, DIM], Math.sqrt(3 / DIM));
  const bias = constantParameter(engine, [CLASSES], 0);
  const ids = indices(engine, BATCH * TOKENS, VOCABULARY);
  const offsets = engine.tensor(
    Array.from({ length: BATCH }, (_, i) => i * TOKENS),
    [BATCH],
    { dtype: "i32", persistent: true },
  );
  return {
    engine,
    parameters: [...all.trained(), head, bias],
    labels: indices(engine, BATCH, CLASSES),
    rate: 0.001,
    forward: () =>
      linear(encoder.forward({ kind: "bag", ids, offsets }, EVALUATION), head, { bias }),
  };
}

function rows(name: Name): BenchCase[] {
  const { flops } = planEncoder("words", ENCODERS[name], INPUT, DIM);
  const flop = BATCH * (flops + 2 * DIM * CLASSES);
  return [
    {
      name: `${name} forward`,
      work: { amount: flop, unit: "FLOP" },
      prepare(engine) {
        const { forward } = build(engine, name);
        const run = () => engine.noGrad(() => engine.scope(() => forward().view()[0] as number));
        expectNear("first logit, computed twice", run(), run(), 0);
        return { run };
      },
    },
    {
      name: `${name} step`,
      work: { amount: 3 * flop, unit: "FLOP" },
      prepare(engine) {
        const run = trainingStep(build(engine, name));
        expectLearns(run, 20);
        return { run };
      },
    },
  ];
}

export const encodersGroup: BenchGroup = {
  title: `Encoders of ${BATCH} texts of ${TOKENS} tokens, with word vectors, features of ${DIM} and ${CLASSES} classes`,
  cases: (Object.keys(ENCODERS) as Name[]).flatMap(rows),
};

/** Ops on rows: softmax, norms, and embeddings forward (gather) and backward (scatter). */
import type { Engine, Tensor } from "../src/index.ts";
import { batchNorm, embeddingBag, layerNorm, softmax } from "../src/ops/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectNear } from "./support/expect.ts";
import { constantParameter, indices, input, parameter } from "./support/seeded.ts";

/** An op on x[rows, columns], forward, and forward with backward from a seed of ones. */
function onRows(
  name: string,
  [rows, columns]: readonly [number, number],
  build: (engine: Engine) => (x: Tensor) => Tensor,
  check: (out: Float32Array) => void,
): BenchCase[] {
  const work = { amount: rows * columns, unit: "elem" } as const;
  return [
    {
      name,
      work,
      prepare(engine) {
        const op = build(engine);
        const x = input(engine, [rows, columns], 3);
        engine.scope(() => check(op(x).toArray() as Float32Array));
        return { run: () => engine.noGrad(() => engine.scope(() => op(x))) };
      },
    },
    {
      name: `${name}, with backward`,
      work,
      prepare(engine) {
        const op = build(engine);
        const x = parameter(engine, [rows, columns], 3);
        const seed = input(engine, [rows, columns]);
        return {
          run: () => {
            engine.core.clearGrad(x.pointer);
            engine.scope(() => engine.backward(op(x), seed));
          },
        };
      },
    },
  ];
}

/** Sum of the elements `start`, `start + stride`, .. */
function sumEvery(values: Float32Array, start: number, stride: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[start + i * stride] as number;
  return sum;
}

const VOCABULARY = 5000;
const BAGS = 512;
const WORDS_PER_BAG = 8;
const WIDTH = 128;

function bag(name: string, backward: boolean): BenchCase {
  return {
    name,
    work: { amount: BAGS * WORDS_PER_BAG * WIDTH, unit: "elem" },
    prepare(engine) {
      const table = parameter(engine, [VOCABULARY, WIDTH], 1);
      const ids = indices(engine, BAGS * WORDS_PER_BAG, VOCABULARY);
      const offsets = engine.tensor(
        Array.from({ length: BAGS }, (_, i) => i * WORDS_PER_BAG),
        [BAGS],
        { dtype: "i32", persistent: true },
      );
      const seed = input(engine, [BAGS, WIDTH]);
      const run = () => {
        engine.core.clearGrad(table.pointer);
        engine.scope(() => {
          const out = embeddingBag(table, ids, offsets, "sum");
          if (backward) engine.backward(out, seed);
        });
      };
      engine.scope(() => {
        const row = embeddingBag(table, ids, offsets, "sum").toArray();
        const values = table.toArray();
        let sum = 0;
        for (const id of ids.toArray().subarray(0, WORDS_PER_BAG))
          sum += values[id * WIDTH] as number;
        expectNear("first bag", row[0] as number, sum, 1e-5);
      });
      return { run };
    },
  };
}

export const rowsGroup: BenchGroup = {
  title: "Rows: softmax, norms, embedding bags (5000 words, 512 bags of 8, width 128)",
  cases: [
    ...onRows(
      "softmax 64x512",
      [64, 512],
      () => softmax,
      (out) => expectNear("sum of a row", sumEvery(out, 0, 1, 512), 1, 1e-5),
    ),
    ...onRows(
      "layer norm 1024x256",
      [1024, 256],
      (engine) => {
        const gamma = constantParameter(engine, [256], 1);
        const beta = constantParameter(engine, [256], 0);
        return (x) => layerNorm(x, gamma, beta);
      },
      (out) => expectNear("sum of a row", sumEvery(out, 0, 1, 256), 0, 1e-3),
    ),
    ...onRows(
      "batch norm 4096x64",
      [4096, 64],
      (engine) => {
        const state = {
          gamma: constantParameter(engine, [64], 1),
          beta: constantParameter(engine, [64], 0),
          runningMean: engine.tensor(0, [64], { persistent: true }),
          runningVar: engine.tensor(1, [64], { persistent: true }),
        };
        return (x) => batchNorm(x, state, { training: true });
      },
      (out) => expectNear("sum of a channel", sumEvery(out, 0, 64, 4096), 0, 1e-2),
    ),
    bag("embedding bag, gather", false),
    bag("embedding bag, gather and scatter", true),
  ],
};

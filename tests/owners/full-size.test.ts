/**
 * The paper's recipes at full size: their encoders are built, and take a step of MLA on one made sample; the largest also takes
 * one with the gradients of all encoders at once, on two. Those of transformers take a minute and up to 10 GB each, so they run with
 * `--full` alone.
 */
import { describe, expect, it } from "vitest";
import type { Dataset, ModalityData } from "../../src/data/dataset.ts";
import { methods, type PartConfig, train } from "../../src/index.ts";
import {
  describeExpectedCost,
  expectedCost,
  listRows,
  readRow,
} from "../../src/node/recipe-rows.ts";
import type { Recipe } from "../../src/node/recipes.ts";
import { TRAINING_PARTS } from "../../src/node/training-parts.ts";

const MINUTES = 60_000;

/** Samples of the shape that the recipe expects. */
function madeSamples({ expects }: Recipe, size: number): Dataset<string> {
  const inputs = Object.entries(expects?.inputs ?? {});
  const modalities = inputs.map(([m, input]): [string, ModalityData] => {
    if (input.kind === "dense") {
      const length = input.shape.reduce((product, side) => product * side, size);
      const values = Float32Array.from({ length }, (_, i) => ((i * 7919) % 211) / 100 - 1);
      return [m, { kind: "dense", shape: input.shape, values }];
    }
    const ids = Int32Array.from({ length: 256 * size }, (_, i) => (i * 7919) % input.vocabulary);
    const offsets = Int32Array.from({ length: size + 1 }, (_, i) => 256 * i);
    return [m, { kind: "bag", vocabulary: input.vocabulary, ids, offsets }];
  });
  return {
    name: "made",
    size,
    classes: ["only"],
    modalities: Object.fromEntries(modalities),
    labels: new Int32Array(size),
    ids: Array.from({ length: size }, (_, i) => `sample ${i}`),
  };
}

/** Recipes by what decides how large they are; rows that differ in the method alone are one. */
async function distinctRecipes(): Promise<[name: string, recipe: Recipe][]> {
  const found = new Map<string, [string, Recipe]>();
  for (const name of listRows()) {
    const { recipe } = await readRow(name);
    const { encoders, dim, optimizer, tuning } = recipe.training;
    const inputs = recipe.expects?.inputs;
    const key = JSON.stringify([encoders, dim, optimizer, tuning, inputs]);
    if (inputs !== undefined && !found.has(key)) found.set(key, [name, recipe]);
  }
  return [...found.values()];
}

const isFull = process.env.ALTERMODAL_FULL === "1";
const { recipe: largest } = await readRow("iemocap/concat");
type Step = readonly [name: string, recipe: Recipe, method: PartConfig, samples: number];
const recipes: readonly Step[] = [
  ...(await distinctRecipes()).map(([name, recipe]): Step => [name, recipe, methods.mla(), 1]),
  ["iemocap/concat", largest, methods.concat(), 2],
];
const chosen = recipes.filter(([, recipe]) => isFull || (expectedCost(recipe)?.size ?? 0) < 5e7);

describe("recipes at full size", () => {
  it.each(chosen)(
    "%s takes a step",
    async (name, recipe, method, samples) => {
      console.log(`${name}, ${describeExpectedCost(recipe)}`);
      const { encoders, dim, optimizer, clip, tuning } = recipe.training;
      const start = performance.now();
      const run = train({
        data: { train: madeSamples(recipe, samples) },
        method,
        ...{ encoders, dim, optimizer, clip, tuning: tuning ?? {} },
        ...{ batchSize: samples, epochs: 1, parts: TRAINING_PARTS },
      });
      const losses: number[] = [];
      for await (const { loss } of run) losses.push(loss.total);
      const seconds = (performance.now() - start) / 1000;
      console.log(
        `${name}: ${samples} sample(s), forward and backward, in ${seconds.toFixed(1)} s`,
      );
      expect(losses.every(Number.isFinite)).toBe(true);
      const parameters = await (await run.finish()).parameters();
      const sizes = [...parameters.values()].map(({ length }) => length);
      const size = sizes.reduce((sum, length) => sum + length, 0);
      const planned = expectedCost(recipe)?.size as number;
      // Heads and running statistics are beside the encoders' weights.
      expect(size).toBeGreaterThanOrEqual(planned);
      expect(size).toBeLessThan(1.01 * planned);
    },
    10 * MINUTES,
  );
});

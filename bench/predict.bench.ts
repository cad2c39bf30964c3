/** What a prediction costs: of a model that is loaded, and from nothing; and that trainings leave no memory behind. */
import { jobSettings } from "../consumers/job.mjs";
import { bagOfWords, mlp } from "../src/encoders/index.ts";
import { createEngine, fromArrays, loadModel, type TrainConfig, train } from "../src/index.ts";
import { mla } from "../src/methods/index.ts";
import type { BenchGroup } from "./support/bench-case.ts";

const SAMPLE = { sensor: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], note: "loud click" };
const settings: TrainConfig<"sensor" | "note"> = {
  ...jobSettings({ fromArrays, mla, mlp, bagOfWords }),
  dim: 32,
};
/** Predictions that are timed as one. */
const BLOCK = 500;

function timed(runs: number, body: () => void): number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    body();
    return (performance.now() - start) / 1000;
  });
}

export const predictGroup: BenchGroup = {
  title: "Prediction: MLA of 6 numbers and words, features of 32",
  cases: [
    {
      name: "predict one sample",
      async prepare(_, { quick }) {
        const model = await train(settings).finish();
        const blocks = timed(quick ? 10 : 40, () => {
          for (let i = 0; i < BLOCK; i++) model.predict(SAMPLE);
        });
        model.dispose();
        return { seconds: blocks.map((seconds) => seconds / BLOCK) };
      },
    },
    {
      name: "create an engine, load the model, predict",
      async prepare(_, { quick }) {
        const model = await train(settings).finish();
        const file = model.save();
        const seconds: number[] = [];
        for (let i = 0; i < (quick ? 5 : 20); i++) {
          const start = performance.now();
          const again = await loadModel(file);
          again.predict(SAMPLE);
          seconds.push((performance.now() - start) / 1000);
        }
        return { seconds };
      },
    },
    {
      name: "memory left by 10,000 trainings",
      async prepare(_, { quick }) {
        const engine = await createEngine();
        const cycle = async () => {
          (await train({ ...settings, epochs: 1, batchSize: 48, engine }).finish()).dispose();
        };
        await cycle();
        const before = engine.memory();
        for (let i = 0; i < (quick ? 1000 : 10_000); i++) await cycle();
        const after = engine.memory();
        const left = after.persistent + after.reserved - before.persistent - before.reserved;
        return { quantity: left, unit: "bytes" };
      },
    },
  ],
};

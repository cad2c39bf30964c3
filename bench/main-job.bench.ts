/** The main job's shape on made data: pictures through convolutions, words through a bag, trained by one method. */
import { encoders, methods, train } from "../src/index.ts";
import { type BenchCase, type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { madeData } from "./support/made-data.ts";

const SAMPLES = 2048;
const SIDE = 32;
const WORDS = 3;

/** Epochs after the first, in seconds each. */
function training(name: keyof typeof methods): BenchCase {
  return {
    name: `main job, ${name}`,
    work: { amount: SAMPLES, unit: "sample" },
    async prepare(_, { quick }) {
      const run = train({
        data: {
          train: madeData({
            samples: SAMPLES,
            classes: 9,
            picture: [SIDE, SIDE, 3],
            vocabulary: 1000,
            words: WORDS,
          }),
        },
        encoders: {
          image: encoders.conv({ channels: [16, 32, 64] }),
          words: encoders.bagOfWords({ hidden: [128] }),
        },
        method: methods[name](),
        dim: 64,
        batchSize: 64,
        epochs: quick ? 4 : 10,
      });
      const seconds: number[] = [];
      for await (const { loss, seconds: epoch } of run) {
        seconds.push(epoch);
        if (Number.isFinite(loss.total)) continue;
        throw new WrongResult(`main job: expected a finite loss, got ${loss.total}`);
      }
      run.model?.dispose();
      return { seconds: seconds.slice(1) };
    },
  };
}

export const mainJobGroup: BenchGroup = {
  title: `Main job: ${SAMPLES} pictures of ${SIDE} x ${SIDE} with ${WORDS} words each, batch 64, per epoch`,
  cases: [training("mla"), training("concat"), training("sum")],
};

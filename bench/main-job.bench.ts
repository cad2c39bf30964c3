/** The main job's shape on made data: pictures through convolutions, words through a bag, trained by one method. */
import { type Dataset, encoders, methods, Random, train } from "../src/index.ts";
import { type BenchCase, type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { seeded } from "./support/seeded.ts";

const SAMPLES = 2048;
const CLASSES = 9;
const SIDE = 32;
const VOCABULARY = 1000;
const WORDS = 3;

function madeData(): Dataset<"image" | "words"> {
  const random = new Random(1, "labels and words");
  const draw = (length: number, below: number): Int32Array =>
    Int32Array.from({ length }, () => random.int(below));
  const values = seeded(SAMPLES * SIDE * SIDE * 3, 1);
  const offsets = Int32Array.from({ length: SAMPLES + 1 }, (_, i) => i * WORDS);
  return {
    name: "made",
    size: SAMPLES,
    classes: Array.from({ length: CLASSES }, (_, i) => `class ${i}`),
    modalities: {
      image: { kind: "dense", shape: [SIDE, SIDE, 3], values },
      words: {
        kind: "bag",
        vocabulary: VOCABULARY,
        ids: draw(SAMPLES * WORDS, VOCABULARY),
        offsets,
      },
    },
    labels: draw(SAMPLES, CLASSES),
    ids: Array.from({ length: SAMPLES }, (_, i) => `sample ${i}`),
  };
}

/** Epochs after the first, in seconds each. */
function training(name: keyof typeof methods): BenchCase {
  return {
    name: `main job, ${name}`,
    work: { amount: SAMPLES, unit: "sample" },
    async prepare(_, { quick }) {
      const run = train({
        data: { train: madeData() },
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

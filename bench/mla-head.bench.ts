/** One step of MLA on the shared head (d 512, 6 classes, batch 64): forward, loss, both gradients, projection, update. */
import type { Engine } from "../src/index.ts";
import { crossEntropy, matmul } from "../src/ops/index.ts";
import { HeadProjection, type HeadProjectionOptions, Sgd } from "../src/optim/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectLearns } from "./support/expect.ts";
import { indices, parameter } from "./support/seeded.ts";

const WIDTH = 512;
const CLASSES = 6;
const BATCH = 64;
const MODALITIES = ["picture", "words"] as const;

function headStep(name: string, options: Partial<HeadProjectionOptions>): BenchCase {
  return {
    name,
    prepare(engine: Engine) {
      const head = parameter(engine, [CLASSES, WIDTH + 1], 0.05);
      const labels = indices(engine, BATCH, CLASSES);
      const features = MODALITIES.map((modality) => {
        const h = parameter(engine, [BATCH, WIDTH + 1], 1);
        const values = h.toArray();
        for (let i = WIDTH; i < values.length; i += WIDTH + 1) values[i] = 1; // the bias column
        return { modality, h: h.set(values) };
      });
      const optimizer = new Sgd([head], { rate: 0.01, momentum: 0.9, weightDecay: 0 });
      const projection = new HeadProjection(head, options);
      /** All modalities once, as in an epoch; gives the last loss. */
      const round = (): number => {
        let last = Number.NaN;
        for (const { modality, h } of features) {
          optimizer.clearGradients();
          engine.core.clearGrad(h.pointer);
          last = engine.scope(() => {
            const loss = crossEntropy(matmul(h, head, { transposeB: true }), labels);
            engine.backward(loss);
            projection.step(optimizer, modality, h);
            return loss.item();
          });
        }
        return last;
      };
      expectLearns(round, 10);
      return { run: round, calls: MODALITIES.length };
    },
  };
}

export const mlaHeadGroup: BenchGroup = {
  title: "MLA head step, d 512, 6 classes, batch 64, two modalities in turn",
  cases: [
    headStep("mla head step, no projection", { variant: "off" }),
    headStep("mla head step, default memory", {}),
    headStep("mla head step, all steps in f64", { memory: "all" }),
    headStep("mla head step, all steps in f32", { memory: "all", precision: "float32" }),
  ],
};

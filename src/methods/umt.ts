import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { EVALUATION } from "../nn/layers.ts";
import { mean, mul, square, sub } from "../ops/index.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type TrainingBatch } from "./method.ts";
import { addTerms, mapFeatures } from "./steps.ts";
import { unimodal } from "./unimodal.ts";

/**
 * Unimodal teachers: L = CE(z) + weight sum_m MSE(h_m, h_m^T), where h_m^T are the features of an encoder that was trained
 * on modality m alone and is frozen; the mean is over the samples that have m and over the features.
 *
 * Source: Du et al. (ICML 2023), uni-modal teacher. BalanceBenchmark sets the weight to 10, with learning rates of
 * 1e-3 and below; at those of the recipes here that diverges, hence 1. The students start afresh.
 */
export const umt = defineMethod({
  name: "umt",
  title: "joint training whose features follow those of encoders trained alone",
  source: "UMT (ICML 2023)",
  options: {
    ...JOINT_OPTIONS,
    weight: number(1, "weight of the distance to the teachers' features", { min: 0, max: 1000 }),
  },
  fusion: null,
  startsFrom: unimodal.definition,
  firstStage: "teacher",
  build(context) {
    const { engine, options, teacher } = context;
    return jointMethod(context, summedHeads(context), {
      loss({ batch, encoded, joint }) {
        const inputs: TrainingBatch<string>["inputs"] = batch.inputs;
        const distances = mapFeatures(encoded, (m, { values }) => {
          const target = engine.noGrad(() =>
            teacher?.encoders[m].forward(inputs[m]?.input as never, EVALUATION),
          ) as Tensor;
          return mul(mean(square(sub(values, target))), options.weight);
        });
        return addTerms(
          context.loss(joint, batch.labels),
          ...(Object.values(distances) as Tensor[]),
        );
      },
    });
  },
});

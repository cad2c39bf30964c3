import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { xavier } from "../nn/parameters.ts";
import { add, div, linear, mul, sqrt, square, sum } from "../ops/index.ts";
import { JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { mapFeatures, perModality, sumLogits } from "./steps.ts";

/** Added to squared norms, so that a row of zeros has a direction. */
const EPSILON = 1e-12;

/**
 * Cosine heads: z = scale sum_m cos(W_m, h_m), each class's row of W_m and each feature vector divided by its length, no
 * bias: no modality can win by the size of its features or weights. L = CE(z).
 *
 * Source: Xu et al. (ICASSP 2023); the scale is that of BalanceBenchmark.
 */
export const mmcosine = defineMethod({
  name: "mmcosine",
  title: "joint training with cosine logits, added up",
  source: "MMCosine (ICASSP 2023)",
  options: {
    ...JOINT_OPTIONS,
    scale: number(15, "what the cosines are multiplied by", { min: 0, max: 1000 }),
  },
  fusion: null,
  build(context) {
    const { classes, dim, modalities, options, parameters } = context;
    const weights = perModality(modalities, (m) =>
      parameters.scope(m).weight("weight", [classes, dim], xavier(dim, classes)),
    );
    return jointMethod(context, (features, size) => {
      const parts = mapFeatures(features, (m, { values }) =>
        mul(linear(unit(values), unit(weights[m])), options.scale),
      );
      return { parts, joint: sumLogits(context, parts, features, size) };
    });
  },
});

/** Rows divided by their length. */
function unit(x: Tensor): Tensor {
  return div(x, sqrt(add(sum(square(x), { axis: 1, keepDims: true }), EPSILON)));
}

import { linearLayer } from "../nn/layers.ts";
import { mul, sigmoid } from "../ops/index.ts";
import { JOINT_OPTIONS } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { pairwiseMethod } from "./pairs.ts";

/**
 * Bilinear gating: z = W (sigmoid(A_1 h_1 + a_1) * (A_2 h_2 + a_2)) + b.
 *
 * Source: Kiela et al. (AAAI 2018), as in the public code of OGM-GE and MLA, where the first modality gates the second.
 * Differs: more than two modalities, where every pair i < j has layers of its own and their logits are added.
 */
export const gated = defineMethod({
  name: "gated",
  title: "joint training, one modality gates the other's features",
  source: "Kiela et al. (AAAI 2018); MLA (CVPR 2024), baselines",
  options: JOINT_OPTIONS,
  fusion: null,
  leastModalities: 2,
  build(context) {
    const { classes, dim } = context;
    return pairwiseMethod(context, (parameters) => {
      const gate = linearLayer(parameters.scope("gate"), dim, dim);
      const value = linearLayer(parameters.scope("value"), dim, dim);
      const head = linearLayer(parameters.scope("head"), dim, classes);
      return (first, second) =>
        head.forward(mul(sigmoid(gate.forward(first)), value.forward(second)));
    });
  },
});

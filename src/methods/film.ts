import { linearLayer } from "../nn/layers.ts";
import { add, mul, slice } from "../ops/index.ts";
import { JOINT_OPTIONS } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { pairwiseMethod } from "./pairs.ts";

/**
 * Feature-wise linear modulation: [gamma; beta] = A h_1 + a, z = W (gamma * h_2 + beta) + b.
 *
 * Source: Perez et al. (AAAI 2018) as a fusion layer, as in the public code of OGM-GE and MLA, where the first modality
 * modulates the second. Differs: more than two modalities, where every pair i < j has layers of its own and their logits
 * are added.
 */
export const film = defineMethod({
  name: "film",
  title: "joint training, one modality scales and shifts the other's features",
  source: "Perez et al. (AAAI 2018); MLA (CVPR 2024), baselines",
  options: JOINT_OPTIONS,
  fusion: null,
  leastModalities: 2,
  build(context) {
    const { classes, dim } = context;
    return pairwiseMethod(context, (parameters) => {
      const modulation = linearLayer(parameters.scope("modulation"), dim, 2 * dim);
      const head = linearLayer(parameters.scope("head"), dim, classes);
      return (first, second) => {
        const both = modulation.forward(first);
        const gamma = slice(both, 1, 0, dim);
        return head.forward(add(mul(gamma, second), slice(both, 1, dim)));
      };
    });
  },
});

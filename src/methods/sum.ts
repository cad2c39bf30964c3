import { JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { mapFeatures, ownHeads, sumLogits } from "./steps.ts";

/** One head per modality, logits added: z = sum_m (W_m h_m + b_m); a missing modality adds nothing. */
export const sum = defineMethod({
  name: "sum",
  title: "joint training, one head per modality, logits added",
  source: "MLA (CVPR 2024), baselines",
  options: JOINT_OPTIONS,
  fusion: null,
  baseline: true,
  build(context) {
    const heads = ownHeads(context);
    return jointMethod(context, (features, size) => {
      const parts = mapFeatures(features, (m, { values }) => heads[m].forward(values));
      return { parts, joint: sumLogits(context, parts, features, size) };
    });
  },
});

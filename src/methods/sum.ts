import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod } from "./method.ts";

/** One head per modality, logits added: z = sum_m (W_m h_m + b_m); a missing modality adds nothing. */
export const sum = defineMethod({
  name: "sum",
  title: "joint training, one head per modality, logits added",
  source: "MLA (CVPR 2024), baselines",
  against: "independence",
  options: JOINT_OPTIONS,
  fusion: null,
  baseline: true,
  build: (context) => jointMethod(context, summedHeads(context)),
});

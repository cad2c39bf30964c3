import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";

/** One head on the concatenated features: z = W [h_1; ...; h_M] + b; zeros stand for a missing modality. */
export const concat = defineMethod({
  name: "concat",
  title: "joint training, one head on the concatenated features",
  source: "MLA (CVPR 2024), baselines",
  options: JOINT_OPTIONS,
  fusion: null,
  baseline: true,
  build(context) {
    const head = concatHead(context);
    return jointMethod(context, (features, size) => ({ joint: head(features, size), parts: {} }));
  },
});

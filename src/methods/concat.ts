import { linearLayer } from "../nn/layers.ts";
import { concat as concatenate } from "../ops/index.ts";
import { JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { denseFeatures } from "./steps.ts";

/** One head on the concatenated features: z = W [h_1; ...; h_M] + b; zeros stand for a missing modality. */
export const concat = defineMethod({
  name: "concat",
  title: "joint training, one head on the concatenated features",
  source: "MLA (CVPR 2024), baselines",
  options: JOINT_OPTIONS,
  fusion: null,
  baseline: true,
  build(context) {
    const { classes, dim, modalities, parameters } = context;
    const head = linearLayer(parameters.scope("head"), dim * modalities.length, classes);
    return jointMethod(context, (features, size) => {
      const dense = denseFeatures(context, features, size);
      const joint = head.forward(
        concatenate(
          modalities.map((m) => dense[m]),
          1,
        ),
      );
      return { joint, parts: {} };
    });
  },
});

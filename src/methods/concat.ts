import { linearLayer } from "../nn/layers.ts";
import { concat as concatenate } from "../ops/index.ts";
import { defineMethod } from "./method.ts";
import { jointMethod, spread } from "./steps.ts";

/** One head on the concatenated features: z = W [h_1; ...; h_M] + b; zeros stand for a missing modality. */
export const concat = defineMethod({
  name: "concat",
  title: "joint training, one head on the concatenated features",
  source: "MLA (CVPR 2024), baselines",
  options: {},
  fusion: null,
  baseline: true,
  build(context) {
    const { classes, dim, engine, modalities, parameters } = context;
    const head = linearLayer(parameters.scope("head"), dim * modalities.length, classes);
    return jointMethod(context, (features, size) => {
      const parts = modalities.map((m) => {
        const part = features[m];
        return part === undefined
          ? engine.tensor(0, [size, dim])
          : spread(part.values, part.rows, size);
      });
      return head.forward(concatenate(parts, 1));
    });
  },
});

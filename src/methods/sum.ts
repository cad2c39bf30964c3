import type { Tensor } from "../engine/tensor.ts";
import { add } from "../ops/index.ts";
import { defineMethod } from "./method.ts";
import { jointMethod, ownHeads, spread } from "./steps.ts";

/** One head per modality, logits added: z = sum_m (W_m h_m + b_m); a missing modality adds nothing. */
export const sum = defineMethod({
  name: "sum",
  title: "joint training, one head per modality, logits added",
  source: "MLA (CVPR 2024), baselines",
  options: {},
  fusion: null,
  baseline: true,
  build(context) {
    const { classes, engine, modalities } = context;
    const heads = ownHeads(context);
    return jointMethod(context, (features, size) => {
      let logits: Tensor | undefined;
      for (const m of modalities) {
        const part = features[m];
        if (part === undefined) continue;
        const own = spread(heads[m].forward(part.values), part.rows, size);
        logits = logits === undefined ? own : add(logits, own);
      }
      return logits ?? engine.tensor(0, [size, classes]);
    });
  },
});

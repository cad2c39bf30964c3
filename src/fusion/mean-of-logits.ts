import { defineFusion } from "./fusion.ts";
import { weightedSum } from "./row-math.ts";

/** z = mean over the present modalities of z_m. */
export const meanOfLogits = defineFusion({
  name: "mean-of-logits",
  title: "mean of the logits",
  source: "late fusion, common form",
  options: {},
  fit: () => null,
  fuse({ modalities, logits }, out) {
    const weights = modalities.map(() => 1 / modalities.length);
    weightedSum(logits, weights, out);
    return weights;
  },
});

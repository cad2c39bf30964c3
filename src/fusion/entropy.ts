import { flag, number } from "../config/options.ts";
import { exp } from "../engine/math.ts";
import { defineFusion } from "./fusion.ts";
import { entropyOf, normalise, weightedSum } from "./row-math.ts";
import { fitTemperatures } from "./temperature.ts";

/**
 * Dynamic fusion: the surer a modality, the larger its weight, for each sample by itself.
 *
 * e_m = entropy of softmax(z_m / T_m); w_m = exp(beta (max_k e_k - e_m)) / sum_j exp(beta (max_k e_k - e_j)) over the
 * modalities that are present; z = sum_m w_m z_m / T_m. At beta = 1 weights differ by at most a factor C.
 *
 * Source: MLA (CVPR 2024), test-time dynamic fusion, with beta = 1 and T = 1. Its public code takes the softmax over the
 * batch axis, so that a sample's weights depend on who else is in the batch; not reproduced.
 */
export const entropy = defineFusion({
  name: "entropy",
  title: "weights by the entropy of each modality's prediction, per sample",
  source: "MLA (CVPR 2024), dynamic fusion",
  options: {
    sharpness: number(1, "beta: how much surer modalities are preferred; 0 is the mean of logits", {
      min: 0,
      max: 100,
    }),
    calibrate: flag(
      false,
      "divide each modality's logits by a temperature fitted on validation data",
    ),
  },
  fit: ({ calibrate }, data): Record<string, number> =>
    calibrate && data !== undefined ? fitTemperatures(data) : {},
  fuse({ modalities, logits }, out, { sharpness }, temperatures) {
    const scales = modalities.map((m) => temperatures[m] ?? 1);
    const entropies = logits.map((z, j) => entropyOf(z, scales[j]));
    const most = Math.max(...entropies);
    const weights = normalise(entropies.map((e) => exp(sharpness * (most - e))));
    weightedSum(
      logits,
      weights.map((w, j) => w / (scales[j] as number)),
      out,
    );
    return weights;
  },
});

import { exp, log } from "../engine/math.ts";
import { defineFusion } from "./fusion.ts";
import { logSoftmax } from "./row-math.ts";

/** z = log of the mean over the present modalities of softmax(z_m), so that softmax(z) is that mean. */
export const meanOfProbabilities = defineFusion({
  name: "mean-of-probabilities",
  title: "mean of the probabilities",
  source: "MLA (CVPR 2024), late fusion baseline",
  options: {},
  fit: () => null,
  fuse({ modalities, logits }, out) {
    const weights = modalities.map(() => 1 / modalities.length);
    out.fill(0);
    const logs = new Float64Array(out.length);
    for (const z of logits) {
      logSoftmax(z, logs);
      for (let c = 0; c < out.length; c++) out[c] = (out[c] as number) + exp(logs[c] as number);
    }
    for (let c = 0; c < out.length; c++) {
      // A probability that underflows in every modality still gets a finite logit.
      out[c] = log(Math.max((out[c] as number) / logits.length, Number.MIN_VALUE));
    }
    return weights;
  },
});

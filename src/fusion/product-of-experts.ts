import { log } from "../engine/math.ts";
import { defineFusion } from "./fusion.ts";
import { logSoftmax } from "./row-math.ts";

/**
 * z = sum_m log p_m - (M - 1) log prior over the M present modalities: Bayes' rule for modalities that are independent
 * given the class. Without the prior it always picks the class that the mean of logits picks.
 */
export const productOfExperts = defineFusion({
  name: "product-of-experts",
  title: "product of the probabilities, divided by the class prior",
  source: "Hinton 2002; Bayes' rule under conditional independence",
  options: {},
  /** Class frequencies with one sample added to each class. */
  fit(_, data): readonly number[] | null {
    if (data === undefined) return null;
    const counts = new Array<number>(data.classes).fill(1);
    for (let i = 0; i < data.size; i++) {
      const label = data.labels[i] as number;
      counts[label] = (counts[label] as number) + 1;
    }
    return counts.map((count) => log(count / (data.size + data.classes)));
  },
  fuse({ logits }, out, _, logPrior) {
    out.fill(0);
    const logs = new Float64Array(out.length);
    for (const z of logits) {
      logSoftmax(z, logs);
      for (let c = 0; c < out.length; c++) out[c] = (out[c] as number) + (logs[c] as number);
    }
    if (logPrior !== null) {
      for (let c = 0; c < out.length; c++) {
        out[c] = (out[c] as number) - (logits.length - 1) * (logPrior[c] as number);
      }
    }
    return null;
  },
});

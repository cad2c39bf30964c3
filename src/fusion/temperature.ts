import { fitFactors, labelledRows } from "./fit.ts";
import type { LabelledModalityLogits } from "./fusion.ts";
import { logSoftmax } from "./row-math.ts";

/**
 * Calibration temperature of each modality: T that minimises the NLL of softmax(z / T) on validation data.
 * Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
 */
export function fitTemperatures(data: LabelledModalityLogits): Record<string, number> {
  const rows = labelledRows(data);
  const temperatures: Record<string, number> = {};
  for (const m of Object.keys(data.logits)) {
    const own = rows.flatMap(({ row, label }) => {
      const z = row.logits[row.modalities.indexOf(m)];
      return z === undefined ? [] : [{ z, label, out: new Float64Array(z.length) }];
    });
    const cost = (factors: Readonly<Record<string, number>>) =>
      own.reduce(
        (sum, { z, label, out }) => sum - (logSoftmax(z, out, factors[m])[label] as number),
        0,
      ) / Math.max(own.length, 1);
    Object.assign(temperatures, fitFactors([m], cost, 1));
  }
  return temperatures;
}

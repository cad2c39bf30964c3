import { fitFactors, labelledRows, nllOf } from "./fit.ts";
import { defineFusion } from "./fusion.ts";
import { normalise, weightedSum } from "./row-math.ts";

const SWEEPS = 6;

/**
 * One positive factor per modality, fitted on the NLL of validation data plus a small pull towards 1, multiplied into
 * the logits: z = sum_m s_m z_m. It lets one modality weigh more in all samples, where entropy decides sample by sample.
 */
export const scales = defineFusion({
  name: "scales",
  title: "one positive factor per modality, fitted on validation data",
  source: "this library",
  options: {},
  fit(_, data): Record<string, number> {
    if (data === undefined) return {};
    const rows = labelledRows(data);
    const out = new Float64Array(data.classes);
    return fitFactors(
      Object.keys(data.logits),
      (factors) => {
        let sum = 0;
        for (const { row, label } of rows) {
          weightedSum(
            row.logits,
            row.modalities.map((m) => factors[m] as number),
            out,
          );
          sum += nllOf(out, label);
        }
        return sum / Math.max(rows.length, 1);
      },
      SWEEPS,
    );
  },
  fuse({ modalities, logits }, out, _, factors) {
    const scale = modalities.map((m) => factors[m] ?? 1);
    weightedSum(logits, scale, out);
    return normalise(scale);
  },
});

import { record } from "../config/options.ts";
import { OptionError } from "../engine/errors.ts";
import { defineFusion } from "./fusion.ts";
import { normalise, weightedSum } from "./row-math.ts";

type Weights = Readonly<Record<string, number>>;

/** z = sum_m w_m z_m with given weights, scaled to sum to 1 over the present modalities. */
export const fixed = defineFusion({
  name: "fixed",
  title: "given weights",
  source: "MLA (CVPR 2024), static fusion",
  options: { weights: record("weight of each modality, above 0") },
  check({ weights }, modalities) {
    for (const m of modalities) weightOf(weights, m);
  },
  fit: () => null,
  fuse({ modalities, logits }, out, { weights }) {
    const shares = normalise(modalities.map((m) => weightOf(weights, m)));
    weightedSum(logits, shares, out);
    return shares;
  },
});

function weightOf(weights: Weights, modality: string): number {
  const weight = weights[modality];
  if (weight !== undefined && weight > 0) return weight;
  throw new OptionError(
    `fixed: Cannot weigh modality "${modality}": expected a weight above 0, got ${weight ?? "none"}`,
  );
}

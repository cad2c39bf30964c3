import { exp, log } from "../engine/math.ts";
import { defineFusion } from "./fusion.ts";
import { normalise, weightedSum } from "./row-math.ts";

/** Energy is divided by it, as in the public code. */
const ENERGY_SCALE = 10;
/** Least confidence: no modality speaks against itself, and none is unheard. */
const LEAST = 1e-3;

/**
 * z = sum_m c_m z_m over the present modalities, c_m = log sum_c exp(z_mc) / 10: the energy score as confidence. It grows
 * with the size of the logits, so a modality whose logits are larger throughout weighs more in every sample. c_m is at
 * least 0.001.
 *
 * Source: QMF (ICML 2023), dynamic fusion at test time. There the energies are trained to follow each sample's difficulty
 * (method `qmf`), and a negative one turns its logits round; here the rule serves any modalities' logits.
 */
export const qmfEnergy = defineFusion({
  name: "qmf-energy",
  title: "weights by the energy of each modality's logits, per sample",
  source: "QMF (ICML 2023), dynamic fusion",
  options: {},
  fit: () => null,
  fuse({ logits }, out) {
    const weights = logits.map((z) => Math.max(LEAST, energyOf(z) / ENERGY_SCALE));
    weightedSum(logits, weights, out);
    return normalise(weights);
  },
});

function energyOf(z: Float64Array): number {
  const top = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return top + log(z.reduce((sum, value) => sum + exp(value - top), 0));
}

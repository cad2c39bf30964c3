import { integer, number, type OptionValues } from "../config/options.ts";
import { tanh } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import { addGradientNoise, scaleGradients } from "../optim/index.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { labelsAt, mapFeatures, matrices } from "./steps.ts";
import { trueClassScore } from "./strength.ts";

export const OGM_OPTIONS = {
  ...JOINT_OPTIONS,
  alpha: number(0.3, "how strongly the stronger modality is held back", { min: 0, max: 10 }),
  start: integer(0, "first epoch, from 0, whose gradients are modulated"),
  end: integer(50, "last epoch, from 0, whose gradients are modulated"),
};

/**
 * On-the-fly gradient modulation. Per batch, s_m = mean probability of the true class by modality m's part of the head,
 * rho_m = s_m / (sum of the others' s); the gradient of encoder m is multiplied by 1 - tanh(alpha rho_m) where rho_m > 1
 * (equation 10), and left alone elsewhere.
 *
 * Source: Peng et al. (CVPR 2022). Its public code is for two modalities; for more MLA's public code divides by the sum of
 * the others, followed here. It scales the kernels of convolutions alone; here every weight of the encoder of at least two
 * axes is scaled, as other encoders have no convolutions; biases and norms are left alone. Means instead of sums over the
 * samples, so that a modality is not stronger for being missing less often.
 */
export const ogm = defineMethod({
  name: "ogm",
  title: "joint training that holds the stronger modality's encoder back",
  source: "OGM-GE (CVPR 2022), without GE",
  options: OGM_OPTIONS,
  fusion: null,
  build: (context) => modulatedSum(context, false),
});

/** Sum of heads whose encoder gradients are modulated, with noise (GE) or without. */
export function modulatedSum<M extends string>(
  context: MethodContext<M, OptionValues<typeof OGM_OPTIONS>>,
  noise: boolean,
): MethodInstance<M> {
  const { encoders, options } = context;
  return jointMethod(context, summedHeads(context), {
    modulate({ batch, clock, features, parts }) {
      if (clock.epoch < options.start || clock.epoch > options.end) return;
      const scores = mapFeatures(features, (m, { rows }) =>
        trueClassScore(parts[m] as Tensor, labelsAt(batch.labels, rows)),
      );
      for (const [m, factor] of Object.entries(modulation(scores, options.alpha))) {
        const weights = matrices(encoders[m as M]);
        if (factor !== 1) scaleGradients(weights, factor as number);
        if (noise)
          addGradientNoise(weights, clock.seed, `noise/${m}/${clock.epoch}/${clock.batch}`);
      }
    },
  });
}

/** Factor of each modality's encoder gradient, from the scores s_m. */
export function modulation<M extends string>(
  scores: { readonly [K in M]?: number },
  alpha: number,
): Record<M, number> {
  const entries = Object.entries(scores) as [M, number][];
  const total = entries.reduce((sum, [, score]) => sum + score, 0);
  const factors = entries.map(([m, score]) => {
    const others = total - score;
    return [m, score > others && others > 0 ? 1 - tanh((alpha * score) / others) : 1];
  });
  return Object.fromEntries(factors) as Record<M, number>;
}

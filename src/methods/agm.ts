import { number } from "../config/options.ts";
import { exp } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import { scaleGradients } from "../optim/index.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { labelsAt, mapFeatures, matrices } from "./steps.ts";
import { logLikelihoods } from "./strength.ts";

/** log of 1e-8, the least probability that counts; and the largest excess that does: the public code's. */
const LEAST_LOG = -18.420680743952367;
const LARGEST_EXCESS = 10;

/**
 * Adaptive gradient modulation. Modality m's part of the logits is its Shapley value over the subsets of modalities; as
 * the heads' logits add up, that is its own logits z_m. Per batch, with s_m = mean log softmax(z_m)_y,
 * r_m = exp(M / (M - 1) (s_m - mean_k s_k)), and tau_m the same from the means of s over all batches before, the gradient
 * of encoder m is multiplied by exp(alpha min(tau_m - r_m, 10)): held back while it is further ahead than it usually is.
 *
 * Source: Li et al. (ICCV 2023) and its public code, where biases and norms are left alone. BalanceBenchmark's three-modality
 * version turns the sign of s and caps at 7; not followed. A batch with fewer than two modalities changes nothing.
 */
export const agm = defineMethod({
  name: "agm",
  title: "joint training that holds back a modality that is further ahead than usual",
  source: "AGM (ICCV 2023)",
  options: {
    ...JOINT_OPTIONS,
    alpha: number(0.1, "how strongly gradients are modulated", { min: 0, max: 2 }),
  },
  fusion: null,
  build(context) {
    const { encoders, modalities, options } = context;
    // [mean of s, batches] of each modality.
    const running = Object.fromEntries(modalities.map((m) => [m, Float64Array.of(0, 0)]));
    const joint = jointMethod(context, summedHeads(context), {
      modulate({ batch, features, parts }) {
        const scores = mapFeatures(features, (m, { rows }) => {
          const logs = logLikelihoods(parts[m] as Tensor, labelsAt(batch.labels, rows));
          return logs.reduce((sum, log) => sum + Math.max(log, LEAST_LOG), 0) / logs.length;
        });
        const names = modalities.filter((m) => scores[m] !== undefined);
        const now = leads(names.map((m) => scores[m] as number));
        const usual = leads(names.map((m) => running[m]?.[0] as number));
        names.forEach((m, i) => {
          const excess = (usual[i] as number) - (now[i] as number);
          const factor = exp(options.alpha * Math.min(excess, LARGEST_EXCESS));
          if (names.length > 1) scaleGradients(matrices(encoders[m]), factor);
          const mean = running[m] as Float64Array;
          const [old = 0, count = 0] = mean;
          mean.set([old + ((scores[m] as number) - old) / (count + 1), count + 1]);
        });
      },
    });
    return {
      ...joint,
      state: () => running,
      restore: (state) => {
        for (const m of modalities) running[m]?.set(state[m] as Float64Array);
      },
    };
  },
});

/** exp(M / (M - 1) (s_m - mean s)) of each. */
function leads(scores: readonly number[]): number[] {
  const count = scores.length;
  const mean = scores.reduce((sum, s) => sum + s, 0) / count;
  return scores.map((s) => exp((count / Math.max(count - 1, 1)) * (s - mean)));
}

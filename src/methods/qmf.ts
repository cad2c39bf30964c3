import { number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { div, logSumExp, mul, reshape, stopGradient } from "../ops/index.ts";
import { JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { LossHistory, rankLoss } from "./rank-loss.ts";
import {
  addTerms,
  labelsAt,
  mapFeatures,
  ownHeads,
  ownLosses,
  samplesAt,
  sumLogits,
} from "./steps.ts";
import { logLikelihoods } from "./strength.ts";

/** Energy is divided by it; the public code's. */
const ENERGY_SCALE = 10;

const OPTIONS = {
  ...JOINT_OPTIONS,
  rankWeight: number(0.1, "weight of the rank losses", { min: 0, max: 100 }),
};

/**
 * Quality-aware fusion: conf_m = log sum_c exp(z_mc) / 10, z = sum_m stop(conf_m) z_m over the modalities that are there.
 * L = CE(z) + sum_m CE(z_m) + rankWeight sum_m R_m. R_m teaches conf_m the order of difficulty: with l_i in [0, 1] the
 * losses that sample i has had so far, added up and min-max normalised over the training data, and j the right neighbour
 * of i in the batch, R_m = mean_i max(0, sign(l_i - l_j) (conf_i - conf_j) - |l_i - l_j|).
 *
 * Source: Zhang et al. (ICML 2023). The margin is subtracted, as the public code does: a harder sample may stay the surer
 * one by as much as it is harder. Its weight of the rank losses is 1, that of MLA's public code 0.1, the default here.
 */
export const qmf = defineMethod({
  name: "qmf",
  title: "logits weighed by energy, which is trained to follow each sample's difficulty",
  source: "QMF (ICML 2023)",
  against: "laziness",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { modalities, options } = context;
    const heads = ownHeads(context);
    const history = new Map<M, LossHistory>();
    const joint = jointMethod(
      context,
      (features, size) => {
        const parts = mapFeatures(features, (m, { values }) => heads[m].forward(values));
        const weighed = mapFeatures(features, (m) => {
          const z = parts[m] as Tensor;
          return mul(z, stopGradient(confidence(z)));
        });
        return { parts, joint: sumLogits(context, weighed, features, size) };
      },
      {
        ownLogits: true,
        loss({ batch, features, joint, parts }) {
          const ranks = mapFeatures(features, (m, { rows }) => {
            const z = parts[m] as Tensor;
            const losses = logLikelihoods(z, labelsAt(batch.labels, rows)).map((log) => -log);
            const seen = history.get(m)?.add(samplesAt(batch, rows), losses) as Float64Array;
            return mul(rankLoss(reshape(confidence(z), [-1]), seen), options.rankWeight);
          });
          return addTerms(
            context.loss(joint, batch.labels),
            ...ownLosses(context, parts, features, batch.labels),
            ...(Object.values(ranks) as Tensor[]),
          );
        },
      },
    );
    return {
      ...joint,
      async epochStart(_, { size }) {
        for (const m of modalities) {
          if (!history.has(m)) history.set(m, new LossHistory(new Float32Array(size)));
        }
      },
      state: () => Object.fromEntries([...history].map(([m, { sums }]) => [m, sums])),
      restore(state) {
        for (const m of modalities) {
          if (state[m] !== undefined) history.set(m, new LossHistory(state[m] as Float32Array));
        }
      },
    };
  },
});

/** log sum_c exp(z_c) / 10, [n, 1]. */
function confidence(z: Tensor): Tensor {
  return div(logSumExp(z, { axis: 1, keepDims: true }), ENERGY_SCALE);
}

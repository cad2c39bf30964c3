import { integer, number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { mul } from "../ops/index.ts";
import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { LossTrials } from "./loss-trials.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { addTerms, labelsAt, mapFeatures, ownHeads } from "./steps.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  trialEpochs: integer(1, "epochs in which each loss is tried alone", { min: 1, max: 1000 }),
  holdOut: number(0.1, "share of the training data that overfitting is measured on", {
    min: 0.01,
    max: 0.5,
  }),
};

/**
 * Gradient blending. Losses L_k: cross entropy of each modality's own head and of one head on all features. First each is
 * tried alone for n epochs from the same start, without a held-out slice of the TRAINING data; from its mean on the slice
 * (V) and on the rest (T) before and after: G = V_0 - V_n, O = (V_n - T_n) - (V_0 - T_0), w_k proportional to G / O^2,
 * summing to 1. Then, from the start again and on all training data, L = sum_k w_k L_k. In use the head on all decides.
 *
 * Source: Wang et al. (CVPR 2020), offline algorithm. The trials are the run's first n (M + 1) epochs. A loss that does not
 * fall on the slice gets weight 0 and |O| is at least 1e-3, where BalanceBenchmark's code takes |G| and measures on the test
 * data. Running statistics of batch norm go on from trial to trial.
 */
export const gBlending = defineMethod({
  name: "g-blending",
  title: "joint and own losses, weighed by how well each generalises when tried alone",
  source: "G-Blending (CVPR 2020)",
  options: OPTIONS,
  fusion: null,
  leastEpochs: (modalities, { trialEpochs }) => (modalities + 1) * trialEpochs + 1,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { modalities, options } = context;
    const heads = ownHeads(context, context.parameters.scope("own"));
    const fused = concatHead(context);
    const joint = jointMethod(
      context,
      (features, size) => {
        const parts = mapFeatures(features, (m, { values }) => heads[m].forward(values));
        return { parts, joint: fused(features, size) };
      },
      {
        ownLogits: true,
        loss({ batch, features, joint, parts }) {
          const { weights } = trials;
          const last = weights.at(-1) as number;
          const own = modalities.flatMap((m, k) => {
            const weight = weights[k] as number;
            const z: Tensor | undefined = parts[m];
            if (z === undefined || weight === 0) return [];
            const labels = labelsAt(batch.labels, features[m]?.rows ?? null);
            return [mul(context.loss(z, labels), weight)];
          });
          const all = mul(context.loss(joint, batch.labels), last);
          // Without the joint loss nothing but the modality under trial may move; unless no sample has it.
          return last > 0 || own.length === 0
            ? addTerms(all, ...own)
            : addTerms(...(own as [Tensor]));
        },
      },
    );
    const trials = new LossTrials(modalities, joint.optimizer, {
      epochs: options.trialEpochs,
      holdOut: options.holdOut,
    });
    return {
      ...joint,
      epochStart: async (clock, data) => trials.epochStart(clock, data),
      state: () => trials.state(),
      restore: (state) => trials.restore(state),
      dispose: () => trials.dispose(),
    };
  },
});

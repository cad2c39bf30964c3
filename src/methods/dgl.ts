import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { linear, mul, stopGradient } from "../ops/index.ts";
import { JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { addTerms, mapFeatures, ownHeads, ownLosses, sumLogits } from "./steps.ts";

/**
 * Disentangled gradient learning: encoders learn from the modalities' own losses alone, heads from the joint loss alone.
 * With z_m = W_m h_m + b_m and z = sum_m z_m,
 *
 * L = alpha sum_m CE(sg(W_m) h_m + sg(b_m)) + CE(sum_m (W_m sg(h_m) + b_m)), sg stopping the gradient.
 *
 * Source: DGL (ICCV 2025). Its public code goes backward twice and sets the head's gradient to none in between, which
 * gives the same gradients; of its fusions this is the sum, whose parts are the logits with the other features zeroed.
 */
export const dgl = defineMethod({
  name: "dgl",
  title: "encoders learn from the modalities' own losses, heads from the joint loss",
  source: "DGL (ICCV 2025)",
  against: "laziness",
  options: {
    ...JOINT_OPTIONS,
    alpha: number(4, "weight of the modalities' own losses", { min: 0, max: 100 }),
  },
  fusion: null,
  build(context) {
    const { modalities, options, parameters } = context;
    ownHeads(context);
    const heads = new Map(modalities.map((m) => [m, parameters.scope(m).trained()]));
    return jointMethod(
      context,
      (features, size) => {
        const parts = mapFeatures(features, (m, { values }) => {
          const [weight, bias] = heads.get(m) as [Tensor, Tensor];
          return linear(values, stopGradient(weight), { bias: stopGradient(bias) });
        });
        const joint = mapFeatures(features, (m, { values }) => {
          const [weight, bias] = heads.get(m) as [Tensor, Tensor];
          return linear(stopGradient(values), weight, { bias });
        });
        return { parts, joint: sumLogits(context, joint, features, size) };
      },
      {
        loss({ batch, features, joint, parts }) {
          const own = ownLosses(context, parts, features, batch.labels);
          return addTerms(
            context.loss(joint, batch.labels),
            ...own.map((loss) => mul(loss, options.alpha)),
          );
        },
        ownLogits: true,
      },
    );
  },
});

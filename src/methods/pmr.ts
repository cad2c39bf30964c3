import { integer, number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { entropy, mean, mul } from "../ops/index.ts";
import { Random } from "../random.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { classMeans, drawShare, similarities } from "./prototypes.ts";
import { addTerms, labelsAt } from "./steps.ts";
import { trueClassScore } from "./strength.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  alpha: number(1, "weight of the weaker modalities' prototype losses", { min: 0, max: 100 }),
  momentum: number(0.2, "share of the last epoch's prototypes that stays", { min: 0, max: 0.99 }),
  share: number(0.1, "share of the training data that prototypes are means of", { min: 0, max: 1 }),
  entropyWeight: number(0, "weight of the strongest modality's prototype entropy", { min: 0 }),
  entropyEpochs: integer(5, "first epochs, in which that entropy counts"),
};

/**
 * Prototypical rebalance. Before each epoch p_m = class means of the features of a share of the training data, averaged
 * with the last epoch's. sim_m = -|h_m - p_m|; s_m = mean softmax(sim_m)_y; with * the modality of the largest s and
 * k_m = clip(s_* / s_m - 1, 0, 1): L = CE(z) + alpha sum_m k_m CE(sim_m) - entropyWeight max_m k_m H(softmax(sim_*)), the
 * last term in the first epochs alone.
 *
 * Source: Fan et al. (CVPR 2023) for two modalities, of which this is the sum over the pairs with the strongest. Its public
 * code uses 1 for k_m of the weaker one and has no entropy, hence that weight's default of 0; the paper's k_m is used here.
 * Differs: the share is drawn by class, so that each has a prototype.
 */
export const pmr = defineMethod({
  name: "pmr",
  title: "joint training that draws weaker modalities' features to class prototypes",
  source: "PMR (CVPR 2023)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, engine, modalities, options } = context;
    let prototypes: Partial<Record<M, Float32Array>> = {};
    const joint = jointMethod(context, summedHeads(context), {
      loss({ batch, clock, features, joint }) {
        const sides = modalities.flatMap((m) => {
          const part = features[m];
          if (part === undefined) return [];
          const means = engine.tensor(prototypes[m] as Float32Array, [classes, dim]);
          const near = similarities(part.values, means);
          const labels = labelsAt(batch.labels, part.rows);
          return [{ near, labels, score: trueClassScore(near, labels) }];
        });
        const strongest = sides.reduce((a, b) => (b.score > a.score ? b : a));
        const terms: Tensor[] = [];
        let most = 0;
        for (const { near, labels, score } of sides) {
          const lag = Math.min(strongest.score / score - 1, 1);
          if (lag > 0) terms.push(mul(context.loss(near, labels), options.alpha * lag));
          most = Math.max(most, lag);
        }
        const weight = clock.epoch < options.entropyEpochs ? options.entropyWeight * most : 0;
        if (weight > 0) terms.push(mul(mean(entropy(strongest.near)), -weight));
        return addTerms(context.loss(joint, batch.labels), ...terms);
      },
    });
    return {
      ...joint,
      async epochStart({ epoch, seed }, data) {
        const random = new Random(seed, `prototypes/${epoch}`);
        const fresh = classMeans(data, drawShare(data.dataset, options.share, random));
        for (const m of modalities) {
          const old = prototypes[m] ?? fresh[m];
          const kept = options.momentum;
          fresh[m] = fresh[m].map((x, i) => (1 - kept) * x + kept * (old[i] as number));
        }
        prototypes = fresh;
      },
      state: () => prototypes as Record<M, Float32Array>,
      restore: (state) => {
        prototypes = { ...state } as Partial<Record<M, Float32Array>>;
      },
    };
  },
});

import { integer, number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { meanOfLogits } from "../fusion/index.ts";
import { linearLayer } from "../nn/layers.ts";
import { add, crossEntropy, mul, sub } from "../ops/index.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { addTerms, alternate, mapFeatures, perModality } from "./steps.ts";
import { likelihoods } from "./strength.ts";

const OPTIONS = {
  width: integer(32, "width of each layer that is added", { min: 1 }),
  limit: integer(4, "most layers that a modality is given"),
  every: integer(1, "epochs between two looks at who is behind", { min: 1 }),
  tolerance: number(0.01, "lead of the strongest over the weakest that is left alone", {
    min: 0,
    max: 10,
  }),
  known: number(0.5, "lambda: how far what is known lowers the last layer's target", {
    min: 0,
    max: 1,
  }),
};

/**
 * Boosted heads that grow for the weaker modality. Modalities alternate as in MLA, without projection. Modality m has
 * layers 0..n_m; layer j says z_j = W relu(V_m,j h + c_m,j) + b with one (W, b) for all, and the modality says z = sum z_j.
 * With n_m = 0, L = CE(z, y); else
 *
 * L = CE(z, y) + CE(z - z_n, y) + CE(z_n, y - lambda y * softmax(sg(z - z_n))),
 *
 * the last target not being normalised. Before the second epoch and then every so many, the modality whose mean
 * probability of the true class over the last epoch is least gets a layer if the greatest exceeds it by the tolerance.
 * In use the modalities' logits are averaged.
 *
 * Source: AUG (NeurIPS 2025); lambda and the rule are those of its public code, which looks ten times a run and adds without
 * limit. Here there is room for `limit` layers per modality from the start, and unused ones take no part.
 */
export const aug = defineMethod({
  name: "aug",
  title: "alternating training with heads that grow for the weaker modality",
  source: "AUG (NeurIPS 2025)",
  options: OPTIONS,
  fusion: meanOfLogits(),
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, encoders, modalities, options, parameters } = context;
    const scope = perModality(modalities, (m) => parameters.scope("layers").scope(m));
    const layers = perModality(modalities, (m) =>
      Array.from({ length: options.limit + 1 }, (_, j) =>
        linearLayer(scope[m].scope(`${j}`), dim, options.width, "relu"),
      ),
    );
    const grown = perModality(modalities, (m) => scope[m].buffer("grown", [1], 0));
    const out = linearLayer(parameters.scope("out"), options.width, classes);
    const optimizers = perModality(modalities, (m) =>
      context.optimizer(`encoder.${m}`, [
        ...encoders[m].parameters.trained(),
        ...scope[m].trained(),
      ]),
    );
    const shared = context.optimizer("shared head", parameters.scope("out").trained());
    const sums = new Map(modalities.map((m) => [m, new Float64Array(2)]));
    const logitsOf = (m: M, h: Tensor) => {
      const each = layers[m]
        .slice(0, grown[m].item() + 1)
        .map((layer) => out.forward(layer.forward(h)));
      const [first, ...others] = each as [Tensor, ...Tensor[]];
      const before = addTerms(first, ...others.slice(0, -1));
      const last = others.at(-1);
      return { before, last, all: last === undefined ? before : add(before, last) };
    };
    return {
      async epochStart({ epoch }) {
        const looks = epoch === 1 || (epoch > 0 && epoch % options.every === 0);
        const scores = modalities.map((m) => ({ m, score: meanScore(sums.get(m)) }));
        for (const sum of sums.values()) sum.fill(0);
        const ranked = scores.filter(({ score }) => score > 0).sort((a, b) => a.score - b.score);
        const [weakest, strongest] = [ranked[0], ranked.at(-1)];
        if (!looks || weakest === undefined || strongest === undefined) return;
        if (strongest.score / weakest.score <= 1 + options.tolerance) return;
        const count = grown[weakest.m];
        count.set([Math.min(options.limit, count.item() + 1)]);
      },
      step: (batch, clock) =>
        alternate(context, batch, optimizers, (m, { input, labels, count }) => {
          const { all, before, last } = logitsOf(m, encoders[m].forward(input, clock));
          const terms = [];
          if (last !== undefined) {
            const sampleWeights = context.engine.tensor(likelihoods(before, labels));
            const known = crossEntropy(last, labels, { sampleWeights, reduction: "sum" });
            const target = sub(context.loss(last, labels), mul(known, options.known / count));
            terms.push(context.loss(before, labels), target);
          }
          const loss = addTerms(context.loss(all, labels), ...terms);
          const score = likelihoods(all, labels).reduce((total, p) => total + p, 0);
          const sum = sums.get(m) as Float64Array;
          sum.set([(sum[0] as number) + score, (sum[1] as number) + count]);
          const value = context.descend(m, loss, optimizers[m], shared);
          optimizers[m].step(clock.learningRate);
          shared.step(clock.learningRate);
          return value;
        }),
      logits: (features) => ({
        joint: null,
        modalities: mapFeatures(features, (m, { values }) => logitsOf(m, values).all),
      }),
      state: () => Object.fromEntries(sums),
      restore(state) {
        for (const m of modalities) sums.get(m)?.set(state[m] ?? [0, 0]);
      },
    };
  },
});

/** Mean probability of the true class; 0 of no sample. */
function meanScore(sum: Float64Array | undefined): number {
  const [score = 0, count = 0] = sum ?? [];
  return count > 0 ? score / count : 0;
}

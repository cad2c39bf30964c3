import { integer, number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { EVALUATION, linearLayer } from "../nn/layers.ts";
import { crossEntropy, gatherRows, mul, softmax, square, sub, sum } from "../ops/index.ts";
import { presence } from "./completion.ts";
import {
  defineMethod,
  type FeatureSet,
  type MethodContext,
  type MethodInstance,
} from "./method.ts";
import { addTerms, encodeAll, mapFeatures, perModality, spread, sumLogits } from "./steps.ts";
import { likelihoods } from "./strength.ts";

const OPTIONS = {
  boostEpochs: integer(1, "epochs in which one modality learns what the others miss", { min: 1 }),
  refitEpochs: integer(1, "epochs after them in which all are fitted together"),
  label: number(5, "weight of the true class", { min: 0, max: 100 }),
  known: number(1, "how far what the others know lowers it", { min: 0, max: 100 }),
  agreement: number(0.5, "weight of the distance to the others' predictions", { min: 0, max: 100 }),
  width: integer(64, "width of the shared head's hidden layer", { min: 1 }),
};

/**
 * Reconciled boosting. z = r sum_m z_m, z_m = W relu(V h_m + c) + b, one head for all. Stages go round the modalities. In
 * a stage first modality m alone learns, with the head, what the others miss, q_i the probability that softmax(r sum of
 * their z) gives the true class y:
 *
 * L_m = mean_i (1 / C) (known q_i - label) log p_m,i(y) + agreement mean over others o of MSE(p_m, sg p_o),
 *
 * the second term not in the first stage; then everything is fitted to CE(z).
 *
 * Source: ReconBoost (ICML 2024). Its public code detaches both sides of the agreement, which then has no gradient; here
 * it has one in p_m. The code's stages are of 4 + 4 epochs of thousands, and start with new optimizers; here optimizers
 * stay. It has two modalities in the agreement; of more the mean is taken, over the samples that have both.
 */
export const reconboost = defineMethod({
  name: "reconboost",
  title: "modalities in turn learn what the others miss, then all are fitted together",
  source: "ReconBoost (ICML 2024)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, encoders, engine, modalities, options, parameters } = context;
    const hidden = linearLayer(parameters.scope("hidden"), dim, options.width, "relu");
    const head = linearLayer(parameters.scope("head"), options.width, classes);
    const rate = parameters.weight("rate", [1], { value: 1 });
    const optimizers = perModality(modalities, (m) =>
      context.optimizer(`encoder.${m}`, encoders[m].parameters.trained()),
    );
    const shared = context.optimizer("shared head", parameters.trained());
    const partsOf = (features: FeatureSet<M>) =>
      mapFeatures(features, (_, { values }) => head.forward(hidden.forward(values)));
    const predict = (features: FeatureSet<M>, size: number) => {
      const parts = partsOf(features);
      return { parts, joint: mul(sumLogits(context, parts, features, size), rate) };
    };
    return {
      step(batch, clock) {
        const { size } = batch;
        const stage = Math.floor(clock.epoch / (options.boostEpochs + options.refitEpochs));
        const within = clock.epoch % (options.boostEpochs + options.refitEpochs);
        if (within >= options.boostEpochs) {
          const { joint } = predict(encodeAll(context, batch, clock), size);
          const all = [...modalities.map((m) => optimizers[m]), shared];
          const total = context.descend("joint", context.loss(joint, batch.labels), ...all);
          for (const optimizer of all) optimizer.step(clock.learningRate);
          return { total, modalities: {} };
        }
        const m = modalities[stage % modalities.length] as M;
        const part = batch.inputs[m];
        if (part === undefined) return { total: 0, modalities: {} };
        const others = engine.noGrad(() => {
          const { [m]: _, ...inputs } = batch.inputs;
          const rest = { ...batch, inputs: inputs as typeof batch.inputs };
          const features = encodeAll(context, rest, { ...clock, ...EVALUATION });
          return { features, ...predict(features, size) };
        });
        const z = head.forward(hidden.forward(encoders[m].forward(part.input, clock)));
        const known = part.rows === null ? others.joint : gatherRows(others.joint, part.rows);
        const weights = likelihoods(known, part.labels).map(
          (q) => options.label - options.known * q,
        );
        const boost = crossEntropy(z, part.labels, {
          sampleWeights: engine.tensor(weights),
          reduction: "sum",
        });
        const own = { z, rows: part.rows };
        const gaps = stage === 0 ? [] : disagreements(context, own, others, size);
        const loss = addTerms(
          mul(boost, 1 / (part.count * classes)),
          ...gaps.map((gap) => mul(gap, options.agreement / gaps.length)),
        );
        const total = context.descend(m, loss, optimizers[m], shared);
        optimizers[m].step(clock.learningRate);
        shared.step(clock.learningRate);
        return { total, modalities: { [m]: total } as { [K in M]?: number } };
      },
      logits(features, size) {
        const { joint, parts } = predict(features, size);
        return { joint, modalities: parts };
      },
    };
  },
});

/** Mean squared distance of the modality's probabilities to those of each other, over the samples that have both. */
function disagreements<M extends string>(
  { classes, engine }: MethodContext<M, unknown>,
  own: { readonly z: Tensor; readonly rows: Tensor | null },
  others: { readonly features: FeatureSet<M>; readonly parts: { readonly [K in M]?: Tensor } },
  size: number,
): Tensor[] {
  const p = spread(softmax(own.z), own.rows, size);
  const held = presence({ values: own.z, rows: own.rows }, size);
  const found = mapFeatures(others.features, (m, { values, rows }) => {
    const both = presence({ values, rows }, size).map((has, i) => has * (held[i] as number));
    const count = both.reduce((total, has) => total + has, 0);
    if (count === 0) return undefined;
    const q = spread(softmax(others.parts[m] as Tensor), rows, size);
    const distances = mul(square(sub(p, q)), engine.tensor(both, [size, 1]));
    return mul(sum(distances), 1 / (count * classes));
  });
  return Object.values<Tensor | undefined>(found).filter((gap) => gap !== undefined);
}

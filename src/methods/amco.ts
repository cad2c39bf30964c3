import { number, type OptionValues } from "../config/options.ts";
import { exp, sinQuarter } from "../engine/math.ts";
import { linearLayer } from "../nn/layers.ts";
import { logSumExp, mul } from "../ops/index.ts";
import { Random } from "../random.ts";
import { JOINT_OPTIONS, type JointPass, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { addTerms, mapFeatures, ownLosses } from "./steps.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  threshold: number(0.5, "sigma: share of the prediction from which on a modality is masked", {
    min: 0,
    max: 1,
  }),
  growth: number(0.1, "how fast the mask grows: l = growth * epoch * batch", { min: 0, max: 100 }),
  reach: number(0.3, "epsilon: l at which all features are masked", { min: 0.001, max: 1000 }),
};

/**
 * Adaptive mask co-optimisation: L = CE(A sum_m z_m + a) + sum_m CE(z_m), z_m = W_m h_m + b_m. After a batch a modality is
 * flagged if its part of softmax([z_1 .. z_M]) has a mean above sigma; in the next batch floor(d sin(pi/2 min(l, eps) /
 * eps)) random entries of its h_m are set to 0, the same for all samples. In epoch e (from 0), l starts at 0 and grows by
 * e / 10 with every batch, so that the first batch of an epoch is never masked.
 *
 * Source: AMCo, as in BalanceBenchmark, whose code masks class logits; features, as the paper's mask, are masked here.
 */
export const amco = defineMethod({
  name: "amco",
  title: "joint and own losses; features of a modality that dominates are masked",
  source: "AMCo, in BalanceBenchmark",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, engine, options, parameters } = context;
    const summed = summedHeads(context);
    const mix = linearLayer(parameters.scope("all").scope("mix"), classes, classes);
    let flagged: readonly string[] = [];
    return jointMethod(
      context,
      (features, size) => {
        const { joint, parts } = summed(features, size);
        return { joint: mix.forward(joint), parts };
      },
      {
        prepare(features, _, { batch, epoch, seed }) {
          const masked = maskedFeatures(options, epoch, batch, dim);
          if (flagged.length === 0 || masked === 0) return features;
          const order = Int32Array.from({ length: dim }, (_, k) => k);
          new Random(seed, `amco/${epoch}/${batch}`).shuffle(order);
          const mask = new Float32Array(dim).fill(1);
          for (const k of order.subarray(0, masked)) mask[k] = 0;
          return mapFeatures(features, (m, { values, rows }) => ({
            values: flagged.includes(m) ? mul(values, engine.tensor(mask)) : values,
            rows,
          })) as typeof features;
        },
        loss: ({ batch, features, joint, parts }) =>
          addTerms(
            context.loss(joint, batch.labels),
            ...ownLosses(context, parts, features, batch.labels),
          ),
        modulate(pass) {
          flagged = shares(context, pass).flatMap(({ m, share }) =>
            share > options.threshold ? [m] : [],
          );
        },
        ownLogits: true,
      },
    );
  },
});

/** How many of `dim` features are masked. */
export function maskedFeatures(
  { growth, reach }: { readonly growth: number; readonly reach: number },
  epoch: number,
  batch: number,
  dim: number,
): number {
  const length = growth * epoch * batch;
  return length < reach ? Math.floor(dim * sinQuarter(length / reach)) : dim;
}

/** Each modality's mean share of the softmax over the logits of all, over the samples that have it. */
function shares<M extends string>(
  { engine, modalities }: MethodContext<M, unknown>,
  { batch: { size }, features, parts }: JointPass<M>,
): { m: M; share: number }[] {
  const sums = modalities.map((m) => {
    const logits = parts[m];
    const own = logits && engine.noGrad(() => logSumExp(logits, { axis: 1 })).view();
    const all = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    const rows = features[m]?.rows?.view();
    own?.forEach((value, i) => {
      all[rows?.[i] ?? i] = value;
    });
    return all;
  });
  return modalities.flatMap((m, k) => {
    const held = [...(sums[k] as Float64Array)].flatMap((own, i) => {
      if (own === Number.NEGATIVE_INFINITY) return [];
      return [1 / sums.reduce((total, other) => total + exp((other[i] as number) - own), 0)];
    });
    const share = held.reduce((total, value) => total + value, 0) / held.length;
    return held.length === 0 ? [] : [{ m, share }];
  });
}

import { integer, number } from "../config/options.ts";
import { exp } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import { abs, entropy, mean, mul } from "../ops/index.ts";
import { scaleGradients } from "../optim/index.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { addTerms, mapFeatures, ownLosses } from "./steps.ts";

/**
 * Asymmetric representation learning: L = CE(z) + gamma sum_m CE(z_m), z = sum_m z_m, and the gradient of encoder m is
 * multiplied by 1 + w_m, w = softmax_m(T (1 - c_m) v_m): c_m is the modality's share of the mean absolute logit, v_m its
 * share of 1 / max(H_m / sum_k H_k, floor / M), H_m the mean entropy of its predictions. In the warm-up gamma is 1 and
 * every w is 1 / M.
 *
 * Source: ARL (ICCV 2025). Its public code computes these weights and never stores them, so that both encoders keep the
 * warm-up's; here they act, as in the paper. It has two modalities, where 1 - c_m is the other's share and floor / M is
 * 0.3.
 */
export const arl = defineMethod({
  name: "arl",
  title: "joint and own losses, encoder gradients weighted against the surer modality",
  source: "ARL (ICCV 2025)",
  options: {
    ...JOINT_OPTIONS,
    gamma: number(4, "weight of the modalities' own losses", { min: 0, max: 100 }),
    temperature: number(8, "T: how unequal the encoders' gradients become", { min: 0, max: 100 }),
    floor: number(0.6, "least share of the entropy that counts, in even shares", {
      min: 0.01,
      max: 1,
    }),
    warmup: integer(1, "epochs with even weights and gamma 1"),
  },
  fusion: null,
  build(context) {
    const { encoders, engine, options } = context;
    return jointMethod(context, summedHeads(context), {
      loss({ batch, clock, features, joint, parts }) {
        const gamma = clock.epoch < options.warmup ? 1 : options.gamma;
        const own = ownLosses(context, parts, features, batch.labels);
        return addTerms(context.loss(joint, batch.labels), ...own.map((loss) => mul(loss, gamma)));
      },
      modulate({ clock, features, parts }) {
        const even = clock.epoch < options.warmup;
        const measures = engine.noGrad(() =>
          mapFeatures(features, (m) => {
            const logits = parts[m] as Tensor;
            return { entropy: mean(entropy(logits)).item(), size: mean(abs(logits)).item() };
          }),
        );
        const weights = asymmetry(measures, even ? 0 : options.temperature, options.floor);
        for (const [m, weight] of weights) {
          scaleGradients(encoders[m].parameters.trained(), 1 + weight);
        }
      },
      ownLogits: true,
    });
  },
});

/** w_m of each modality; they sum to 1. */
export function asymmetry<M extends string>(
  measures: { readonly [K in M]?: { readonly entropy: number; readonly size: number } },
  temperature: number,
  floor: number,
): [M, number][] {
  const all = Object.entries(measures) as [M, { entropy: number; size: number }][];
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const entropies = total(all.map(([, { entropy }]) => entropy)) || 1;
  const sizes = total(all.map(([, { size }]) => size)) || 1;
  const inverse = all.map(
    ([, { entropy }]) => 1 / Math.max(entropy / entropies, floor / all.length),
  );
  const powers = all.map(([, { size }], k) =>
    exp((temperature * (1 - size / sizes) * (inverse[k] as number)) / total(inverse)),
  );
  return all.map(([m], k) => [m, (powers[k] as number) / total(powers)]);
}

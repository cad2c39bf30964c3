import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { max, mean, mul, relu, softmax, sub } from "../ops/index.ts";
import { Random } from "../random.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { addTerms, sumLogits } from "./steps.ts";

/**
 * Calibrated learning: who loses a modality must not become surer. Per batch the modalities are removed one by one in
 * random order; with z_k the logits of the k that are left, conf_k = max softmax(z_k):
 * L = mean_k CE(z_k) + weight sum_k mean_i max(0, conf_k - conf_{k+1}), k = M - 1 .. 1.
 *
 * Source: Ma et al. (ICML 2023). The relu is per sample, as in the paper; BalanceBenchmark's code takes it of the batch's
 * sum, and computes a mask of correct predictions that it does not use. Gradients flow through both confidences.
 */
export const cml = defineMethod({
  name: "cml",
  title: "joint training that must not become surer when a modality is removed",
  source: "CML (ICML 2023)",
  options: {
    ...JOINT_OPTIONS,
    weight: number(0.1, "weight of the calibration loss", { min: 0, max: 100 }),
  },
  fusion: null,
  build(context) {
    const { modalities, options } = context;
    const surest = (z: Tensor) => max(softmax(z), { axis: 1 });
    return jointMethod(context, summedHeads(context), {
      loss({ batch, clock, features, joint, parts }) {
        const { seed, epoch } = clock;
        const random = new Random(seed, `cml/${epoch}/${clock.batch}`);
        const order = random.shuffle(Int32Array.from(modalities.keys()));
        let before = joint;
        const losses = [context.loss(joint, batch.labels)];
        const excesses: Tensor[] = [];
        for (let removed = 1; removed < order.length; removed++) {
          const left = [...order.subarray(removed)].map((k) => modalities[k]);
          const kept = Object.fromEntries(left.map((m) => [m, parts[m as never]]));
          const z = sumLogits(context, kept as typeof parts, features, batch.size);
          losses.push(context.loss(z, batch.labels));
          excesses.push(mul(mean(relu(sub(surest(z), surest(before)))), options.weight));
          before = z;
        }
        const shares = losses.map((loss) => mul(loss, 1 / losses.length));
        return addTerms(shares[0] as Tensor, ...shares.slice(1), ...excesses);
      },
    });
  },
});

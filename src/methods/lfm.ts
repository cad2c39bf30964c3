import { choice, number, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { add, div, exp, log, logSoftmax, mul, sub, sum } from "../ops/index.ts";
import { presence } from "./completion.ts";
import { JOINT_OPTIONS, type JointPass, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { spread } from "./steps.ts";

/** The task's weight at x percent of the run: coefficients of 1, x, x^2 and so on, from the public code. */
const FITTED = [
  2.04623704e-1, 3.35472727e-3, 1.22989557e-4, -2.92947416e-6, 2.23835486e-8, -5.39717505e-11,
];

const OPTIONS = {
  ...JOINT_OPTIONS,
  curve: choice(["fitted", "constant"], "fitted", "how the task's weight goes over the run"),
  weight: number(0.5, "the task's weight a where it is constant", { min: 0.05, max: 0.95 }),
};

/**
 * Modalities that first learn from each other: L = 2 (a CE(z) + (1 - a) A), z the mean of the present modalities' logits,
 * A the Jensen-Shannon divergence of their predictions, over the samples that have both, mean over the pairs.
 *
 * Source: LFM (NeurIPS 2024). The weight a follows the curve that its public code fitted to learnt weights, from 0.20 to
 * 0.54 over 100 epochs, here over the run; its hypergradient, which uses the first tensor alone, is not offered. The
 * paper aligns by a contrastive term; the code by KL of the mean from each modality, its arguments swapped; followed is
 * the divergence that the code means, KL of each modality from the mean.
 */
export const lfm = defineMethod({
  name: "lfm",
  title: "mean of logits; the modalities' predictions are aligned, more at first",
  source: "LFM (NeurIPS 2024)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { engine, modalities, options } = context;
    const summed = summedHeads(context);
    return jointMethod(
      context,
      (features, size) => {
        const { joint, parts } = summed(features, size);
        const held = modalities.map((m) => presence(features[m], size));
        const counts = Float32Array.from({ length: size }, (_, i) =>
          Math.max(
            1,
            held.reduce((count, has) => count + (has[i] as number), 0),
          ),
        );
        return { joint: div(joint, engine.tensor(counts, [size, 1])), parts };
      },
      {
        loss(pass) {
          const task = context.loss(pass.joint, pass.batch.labels);
          const found = divergences(context, pass);
          if (found.length === 0) return mul(task, 2);
          const { epoch, epochs } = pass.clock;
          const a = options.curve === "constant" ? options.weight : fittedWeight(epoch / epochs);
          const all = found.reduce((total, part) => add(total, part));
          return add(mul(task, 2 * a), mul(all, (2 * (1 - a)) / found.length));
        },
        ownLogits: true,
      },
    );
  },
});

/** @param progress - 0 at the start of the run, 1 at its end */
export function fittedWeight(progress: number): number {
  return FITTED.reduceRight((value, coefficient) => value * 100 * progress + coefficient, 0);
}

/** The divergence of each pair of modalities that some sample has both of: a scalar each. */
function divergences<M extends string>(
  { engine, modalities }: MethodContext<M, unknown>,
  { batch: { size }, features, parts }: JointPass<M>,
): Tensor[] {
  const logs = modalities.map((m) => {
    const logits = parts[m];
    return logits && logSoftmax(spread(logits, features[m]?.rows ?? null, size));
  });
  const held = modalities.map((m) => presence(features[m], size));
  return logs.flatMap((p, j) =>
    logs.slice(0, j).flatMap((q, k) => {
      const both = Float32Array.from(
        { length: size },
        (_, i) => (held[j]?.[i] ?? 0) * (held[k]?.[i] ?? 0),
      );
      const count = both.reduce((total, has) => total + has, 0);
      if (p === undefined || q === undefined || count === 0) return [];
      const middle = log(mul(add(exp(p), exp(q)), 0.5));
      const parts = add(mul(exp(p), sub(p, middle)), mul(exp(q), sub(q, middle)));
      const each = sum(parts, { axis: 1 });
      return [mul(sum(mul(each, engine.tensor(both))), 0.5 / count)];
    }),
  );
}

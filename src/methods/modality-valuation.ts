import { integer, type OptionValues } from "../config/options.ts";
import { hasModality, mask, subset } from "../data/dataset.ts";
import { predictClasses } from "../metrics/index.ts";
import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInstance,
  type TrainingData,
} from "./method.ts";
import { perModality } from "./steps.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  warmup: integer(1, "epochs before samples are valued"),
};

/**
 * Sample-level modality valuation. Before each epoch after the warm-up, phi_m = Shapley value of modality m on one sample
 * under v(S) = |S| [the prediction from S is right]. Besides each sample itself the epoch holds it once more with m alone
 * if 0.4 < phi_m < 1, twice if -0.1 < phi_m < 0.4, three times if phi_m < -0.1: modalities that help little are practised
 * without the others.
 *
 * Source: Wei et al. (CVPR 2024), with the thresholds of the public code (for two modalities phi is one of -0.5, 0, 0.5, 1,
 * 1.5). Epochs grow by what is repeated; the steps count as cost.
 */
export const modalityValuation = defineMethod({
  name: "modality-valuation",
  title: "joint training that repeats samples with their less helpful modality alone",
  source: "Valuate and enhance (CVPR 2024), sample level",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { modalities, options } = context;
    const head = concatHead(context);
    const joint = jointMethod(context, (features, size) => ({
      joint: head(features, size),
      parts: {},
    }));
    return {
      ...joint,
      async epochStart({ epoch }, data) {
        if (epoch < options.warmup) return undefined;
        const { dataset, size } = data;
        const values = shapleyValues(modalities, data);
        const samples = Array.from({ length: size }, (_, i) => i);
        const alone: (M | null)[] = samples.map(() => null);
        for (const m of modalities) {
          values[m].forEach((value, i) => {
            if (!hasModality(dataset.modalities[m], i)) return;
            for (let k = 0; k < repeats(value); k++) {
              samples.push(i);
              alone.push(m);
            }
          });
        }
        const kept = perModality(modalities, (m) =>
          Uint8Array.from(alone, (only) => Number(only === null || only === m)),
        );
        return { data: mask(subset(dataset, samples), kept) };
      },
    };
  },
});

/** How often a sample is repeated with the modality that has this value. */
export function repeats(value: number): number {
  if (value < -0.1) return 3;
  if (value < 0.4) return 2;
  return value > 0.4 && value < 1 ? 1 : 0;
}

/** [size] of each modality: its Shapley value on the sample, a missing one adding nothing. */
function shapleyValues<M extends string>(
  modalities: readonly M[],
  { dataset, size, outputs }: TrainingData<M>,
): Record<M, Float64Array> {
  const count = modalities.length;
  const classes = dataset.classes.length;
  // Subsets by their bits. The sample's score under each: |S| if the prediction from S is right.
  const scores = Array.from({ length: 1 << count }, (_, bits) => {
    const score = new Float64Array(size);
    if (bits === 0) return score;
    const kept = perModality(modalities, (m) =>
      new Uint8Array(size).fill((bits >> modalities.indexOf(m)) & 1),
    );
    const { joint, present } = outputs(mask(dataset, kept));
    const predicted = predictClasses(joint ?? [], classes);
    return score.map((_, i) => {
      const there = modalities.filter((m) => present[m][i] === 1).length;
      return predicted[i] === dataset.labels[i] ? there : 0;
    });
  });
  return perModality(modalities, (m) => {
    const own = 1 << modalities.indexOf(m);
    const value = new Float64Array(size);
    for (let bits = 0; bits < scores.length; bits++) {
      if ((bits & own) !== 0) continue;
      const [without, with_] = [scores[bits], scores[bits | own]];
      const others = modalities.filter((_, k) => ((bits >> k) & 1) === 1).length;
      const weight = (factorial(others) * factorial(count - others - 1)) / factorial(count);
      value.forEach((sum, i) => {
        value[i] = sum + weight * ((with_?.[i] as number) - (without?.[i] as number));
      });
    }
    return value;
  });
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

import { integer, number, type OptionValues } from "../config/options.ts";
import type { Dataset } from "../data/dataset.ts";
import { tanh } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import { clusterPurity } from "./clusters.ts";
import { holdOut } from "./hold-out.ts";
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
  every: integer(5, "epochs between two diagnoses", { min: 1 }),
  times: integer(3, "most diagnoses in a run"),
  sensitivity: number(3, "how far a gap resets an encoder", { min: 0, max: 100 }),
  holdOut: number(0.1, "share of the training data that the gap is measured on", {
    min: 0.01,
    max: 0.5,
  }),
};

/**
 * Diagnosing and re-learning. Joint training without a held-out slice of the TRAINING data; every E epochs, for each
 * modality, gap = |purity on what is trained on - purity on the slice|, purity being that of k-means clusters of its
 * features, and the encoder goes back towards its start: theta <- w theta_0 + (1 - w) theta, w = tanh(sensitivity gap).
 *
 * Source: Diagnosing and re-learning (ECCV 2024): every 20 of 50 epochs, at most 3 times. Parameters alone go back, as in
 * its public code; running statistics and optimizers stay. Its k-means is another program's: the clusters are not the same.
 */
export const relearning = defineMethod({
  name: "relearning",
  title: "joint training that resets each encoder as far as its features overfit",
  source: "Diagnosing and re-learning (ECCV 2024)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { encoders, modalities, options } = context;
    const head = concatHead(context);
    const joint = jointMethod(context, (features, size) => ({
      joint: head(features, size),
      parts: {},
    }));
    // Parameters start from the seed alone, so this is the start also of a run that goes on.
    const starts = perModality(modalities, (m) =>
      encoders[m].parameters.trained().map((tensor) => tensor.toArray()),
    );
    return {
      ...joint,
      async epochStart({ epoch, seed }, data) {
        const { rest, held } = holdOut(data.dataset, options.holdOut, seed);
        const diagnosis = epoch / options.every;
        if (epoch > 0 && Number.isInteger(diagnosis) && diagnosis <= options.times) {
          const [trained, unseen] = [purities(data, rest, seed), purities(data, held, seed)];
          for (const m of modalities) {
            const weight = tanh(options.sensitivity * Math.abs(trained[m] - unseen[m]));
            encoders[m].parameters.trained().forEach((tensor, i) => {
              reset(tensor, starts[m][i] as ArrayLike<number>, weight);
            });
          }
        }
        return { data: rest };
      },
    };
  },
});

/** Purity of each modality's features, over the samples that have it; 0 of none. */
function purities<M extends string>(
  { outputs }: TrainingData<M>,
  dataset: Dataset<M>,
  seed: number,
): Record<M, number> {
  const { features, present, size, classes } = outputs(dataset);
  return perModality(Object.keys(features) as M[], (m) => {
    const dim = features[m].length / size;
    const own = [...present[m].keys()].filter((i) => present[m][i] === 1);
    const rows = own.map((i) => features[m].subarray(i * dim, (i + 1) * dim));
    const labels = own.map((i) => dataset.labels[i] as number);
    return own.length === 0 ? 0 : clusterPurity(rows, labels, classes, seed);
  });
}

/** Moves a tensor the share `weight` of the way to its start. */
function reset(tensor: Tensor, start: ArrayLike<number>, weight: number): void {
  const now = tensor.view();
  for (let i = 0; i < now.length; i++) {
    now[i] = weight * (start[i] as number) + (1 - weight) * (now[i] as number);
  }
}

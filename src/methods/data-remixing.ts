import { integer, number, type OptionValues } from "../config/options.ts";
import { hasModality, mask } from "../data/dataset.ts";
import { entropyOf } from "../fusion/row-math.ts";
import { mul } from "../ops/index.ts";
import { Random } from "../random.ts";
import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInstance,
  type TrainingData,
} from "./method.ts";
import { addTerms, mapFeatures, ownHeads, ownLosses, perModality } from "./steps.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  warmup: integer(2, "epochs on all modalities before data are remixed"),
  before: number(0.5, "weight of the own losses in the warm-up", { min: 0, max: 100 }),
  after: number(1, "weight of the own loss after it", { min: 0, max: 100 }),
};

/**
 * Data remixing. In the warm-up L = CE(z) + before sum_m CE(z_m), z of a head on all features, z_m of heads of their own.
 * Then, before each epoch, every sample keeps of its modalities only the one whose prediction is nearest to even,
 * argmin_m KL(p_m || uniform), the others being missing; each batch holds samples that keep the same one, m, and
 * L = CE(z) + after CE(z_m).
 *
 * Source: Data Remixing (ICML 2025). Its public code goes through all batches of one modality, then all of the other; here
 * the batches are shuffled.
 */
export const dataRemixing = defineMethod({
  name: "data-remixing",
  title: "each sample trains only the modality that knows it least, in batches of one modality",
  source: "Data Remixing (ICML 2025)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { modalities, options } = context;
    const head = concatHead(context);
    const heads = ownHeads(context, context.parameters.scope("own"));
    const joint = jointMethod(
      context,
      (features, size) => ({
        joint: head(features, size),
        parts: mapFeatures(features, (m, { values }) => heads[m].forward(values)),
      }),
      {
        loss({ batch, clock, features, joint, parts }) {
          const weight = clock.epoch < options.warmup ? options.before : options.after;
          const own = ownLosses(context, parts, features, batch.labels);
          return addTerms(
            context.loss(joint, batch.labels),
            ...own.map((loss) => mul(loss, weight)),
          );
        },
        ownLogits: true,
      },
    );
    return {
      ...joint,
      async epochStart({ epoch, seed }, data) {
        if (epoch < options.warmup) return undefined;
        const weakest = leastKnown(modalities, data);
        const kept = perModality(modalities, (m) =>
          Uint8Array.from(weakest, (other) => Number(other === m)),
        );
        const random = new Random(seed, `remix/${epoch}`);
        const batches = modalities.flatMap((m) => {
          const own = Int32Array.from([...weakest.keys()].filter((i) => weakest[i] === m));
          random.shuffle(own);
          const starts = [...own.keys()].filter((i) => i % data.batchSize === 0);
          return starts.map((start) => own.subarray(start, start + data.batchSize));
        });
        const order = random.shuffle(Int32Array.from(batches.keys()));
        return {
          data: mask(data.dataset, kept),
          batches: Array.from(order, (k) => batches[k] as Int32Array),
        };
      },
    };
  },
});

/** Of each sample the modality with the most even prediction; null if it has none. */
function leastKnown<M extends string>(
  modalities: readonly M[],
  { dataset, outputs }: TrainingData<M>,
): (M | null)[] {
  const { alone, classes, size } = outputs(dataset);
  return Array.from({ length: size }, (_, i) => {
    let found: M | null = null;
    let most = Number.NEGATIVE_INFINITY;
    for (const m of modalities) {
      if (!hasModality(dataset.modalities[m], i)) continue;
      const row = Float64Array.from(alone[m].subarray(i * classes, (i + 1) * classes));
      // KL(p || uniform) = log C - H(p).
      const evenness = entropyOf(row);
      if (evenness > most) [found, most] = [m, evenness];
    }
    return found;
  });
}

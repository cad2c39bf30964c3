import { number, type OptionValues } from "../config/options.ts";
import { tanh } from "../engine/math.ts";
import { gatherRows, mul } from "../ops/index.ts";
import { Random } from "../random.ts";
import { keepRows, presence } from "./completion.ts";
import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { labelsAt, mapFeatures, perModality } from "./steps.ts";
import { trueClassScore } from "./strength.ts";

const OPTIONS = {
  ...JOINT_OPTIONS,
  rate: number(0.4, "q_0: chance to be dropped of a modality that is barely ahead", {
    min: 0,
    max: 0.95,
  }),
  strength: number(0.5, "lambda: how much the lead adds to that chance", { min: 0, max: 10 }),
  chance: number(0.7, "share of the batches in which features are dropped", { min: 0, max: 1 }),
};

/**
 * On-the-fly prediction modulation. Per batch, s_m = mean probability of the true class by the head's part for modality m
 * and rho_m = s_m / (sum of the others' s); where rho_m > 1 each sample loses the features of m with the chance
 * q_m = min(1, q_0 (1 + lambda tanh(rho_m - 1))), else q_m = 0. What is left is divided by 1 - mean q, and samples that
 * lost all are left out of the loss.
 *
 * Source: Wei et al. (TPAMI 2024), OPM, with the values of BalanceBenchmark; its code drops in a share of the batches only,
 * followed here. For three modalities it divides by the sum of the others, as here for any number.
 */
export const opm = defineMethod({
  name: "opm",
  title: "joint training that drops the features of the stronger modality",
  source: "OPM (TPAMI 2024)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { engine, modalities, options } = context;
    const head = concatHead(context);
    const rowsOf = (samples: number[]) =>
      engine.tensor(samples, [samples.length], { dtype: "i32" });
    return jointMethod(context, (features, size) => ({ joint: head(features, size), parts: {} }), {
      prepare(features, { labels, size }, { seed, epoch, batch }) {
        const random = new Random(seed, `opm/${epoch}/${batch}`);
        if (random.float() >= options.chance) return features;
        const scores = engine.noGrad(() =>
          mapFeatures(features, (m, { values, rows }) => {
            const alone = { [m]: { values, rows: null } } as typeof features;
            const logits = head(alone, values.shape[0] as number);
            return trueClassScore(logits, labelsAt(labels, rows));
          }),
        );
        const rates = dropRates(scores, options);
        const masks = perModality(modalities, (m) =>
          Uint8Array.from({ length: size }, () => Number(random.float() >= (rates[m] ?? 0))),
        );
        const sum = modalities.reduce((total, m) => total + (rates[m] ?? 0), 0);
        const scale = 1 / (1 - sum / modalities.length);
        return mapFeatures(keepRows(engine, features, masks), (_, { values, rows }) => ({
          values: mul(values, scale),
          rows,
        })) as typeof features;
      },
      loss({ batch: { labels, size }, features, joint }) {
        const held = modalities.map((m) => presence(features[m], size));
        const kept = Array.from({ length: size }, (_, i) => i).filter((i) =>
          held.some((has) => has[i] === 1),
        );
        if (kept.length === size || kept.length === 0) return context.loss(joint, labels);
        const rows = rowsOf(kept);
        return context.loss(gatherRows(joint, rows), labelsAt(labels, rows));
      },
    });
  },
});

/** q_m of each modality, from the scores s_m; one modality alone is never dropped. */
export function dropRates<M extends string>(
  scores: { readonly [K in M]?: number },
  { rate, strength }: { readonly rate: number; readonly strength: number },
): { readonly [K in M]?: number } {
  const entries = Object.entries(scores) as [M, number][];
  const total = entries.reduce((sum, [, score]) => sum + score, 0);
  const rates = entries.map(([m, score]) => {
    const others = total - score;
    const lead = others > 0 ? tanh(Math.max(0, score / others - 1)) : 0;
    return [m, lead > 0 ? Math.min(1, rate * (1 + strength * lead)) : 0];
  });
  return Object.fromEntries(rates) as { readonly [K in M]?: number };
}

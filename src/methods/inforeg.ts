import { flag, number, type OptionValues } from "../config/options.ts";
import { exp, tanh } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { addTerms, labelsAt, mapFeatures, matrices, ownLosses } from "./steps.ts";
import { trueClassScore } from "./strength.ts";

/** Epochs whose traces count as recent. */
const WINDOW = 10;

const OPTIONS = {
  ...JOINT_OPTIONS,
  strength: number(0.9, "b: how strongly the stronger modality is held back", { min: 0, max: 10 }),
  threshold: number(0.04, "K: growth of the Fisher trace that still counts as early", {
    min: 0,
    max: 1,
  }),
  ownLosses: flag(false, "adds the losses of the modalities' own logits"),
};

/**
 * Information regulation in the prime learning window. Per batch, s_m = mean probability of the true class by modality
 * m's logits; where gap = s_m - (mean of the others' s) > 0 and the window of m is open, the gradient of its encoder gets
 * + b exp(tanh(gap)) (theta - theta at the epoch's start). t_m,e is the trace of the Fisher information in epoch e: for
 * each weight of the encoder the mean over its elements of the sum over batches of the squared gradient, added up. The
 * window is open while k > K, k = (S - S') / S, S the sum of the last ten t, S' that of the ten before the newest; k = 1
 * before the first.
 *
 * Source: InfoReg (CVPR 2025), and its public code (main.py, ea7b9d5), where the factor b exp(tanh(gap)) and its sign were
 * read. There b is 0.95 for audio and 0.1 for video and K 0.04, hard-coded; the window of both is audio's; s are sums over
 * the batch, so that tanh is all but 0 or 1; the branch that would hold video back asks the same as audio's and never runs;
 * and the modalities' own losses are always in (here `ownLosses`). Here b and K are the paper's, each modality has a window
 * of its own, and s are means, so that the gap does not depend on the batch size.
 *
 * Summaries of the paper also write the factor exp(b tanh(gap)). Its own equation stands in no source that could be read
 * here; both versions of the public code multiply (41d887f, ea7b9d5), so this does. The two differ where the lead is
 * small: b exp(tanh(gap)) begins at b = 0.9, the other at 1; at the largest gap, 1, they are 1.93 and 1.98.
 */
export const inforeg = defineMethod({
  name: "inforeg",
  title: "joint training that slows the stronger modality's encoder while it still learns much",
  source: "InfoReg (CVPR 2025)",
  options: OPTIONS,
  fusion: null,
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { encoders, modalities, options } = context;
    const traces = new Map(modalities.map((m) => [m, [] as number[]]));
    let start = new Map<Tensor, Float32Array>();
    let open = new Set<M>();
    const joint = jointMethod(context, summedHeads(context), {
      loss: ({ batch, features, joint, parts }) =>
        addTerms(
          context.loss(joint, batch.labels),
          ...(options.ownLosses ? ownLosses(context, parts, features, batch.labels) : []),
        ),
      modulate({ batch, features, parts }) {
        const scores = mapFeatures(features, (m, { rows }) =>
          trueClassScore(parts[m] as Tensor, labelsAt(batch.labels, rows)),
        );
        for (const [m, gap] of leads(scores)) {
          if (gap <= 0 || !open.has(m)) continue;
          pull(start, encoders[m].parameters.trained(), options.strength * exp(tanh(gap)));
        }
        for (const m of modalities) {
          const own = traces.get(m) as number[];
          own.push((own.pop() ?? 0) + squaredGradients(matrices(encoders[m])));
        }
      },
      ownLogits: options.ownLosses,
    });
    return {
      ...joint,
      async epochStart() {
        open = new Set(modalities.filter((m) => growth(traces.get(m) ?? []) > options.threshold));
        for (const m of modalities) traces.get(m)?.push(0);
        const all = modalities.flatMap((m) => encoders[m].parameters.trained());
        start = new Map(all.map((tensor) => [tensor, tensor.toArray() as Float32Array]));
      },
      state: () => Object.fromEntries([...traces].map(([m, own]) => [m, Float64Array.from(own)])),
      restore(state) {
        for (const m of modalities) traces.set(m, [...(state[m] ?? [])]);
      },
    };
  },
});

/** How far each score is above the mean of the others; nothing for a modality alone. */
function leads<M extends string>(scores: { readonly [K in M]?: number }): [M, number][] {
  const entries = Object.entries(scores) as [M, number][];
  if (entries.length < 2) return [];
  const total = entries.reduce((sum, [, score]) => sum + score, 0);
  return entries.map(([m, score]) => [m, score - (total - score) / (entries.length - 1)]);
}

/** k of the traces so far. */
export function growth(traces: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const recent = sum(traces.slice(-WINDOW));
  return recent > 0 ? (recent - sum(traces.slice(-WINDOW - 1, -1))) / recent : 1;
}

/** Adds strength (theta - start) to the gradients. */
function pull(
  start: ReadonlyMap<Tensor, Float32Array>,
  tensors: readonly Tensor[],
  strength: number,
): void {
  for (const tensor of tensors) {
    const [gradient, from, now] = [
      tensor.engine.gradient(tensor),
      start.get(tensor),
      tensor.view(),
    ];
    if (gradient === undefined || from === undefined) continue;
    for (let i = 0; i < gradient.length; i++) {
      const way = (now[i] as number) - (from[i] as number);
      gradient[i] = (gradient[i] as number) + strength * way;
    }
  }
}

/** Sum over the tensors of the mean of their squared gradients. */
function squaredGradients(tensors: readonly Tensor[]): number {
  let sum = 0;
  for (const tensor of tensors) {
    let own = 0;
    for (const g of tensor.engine.gradient(tensor) ?? []) own += g * g;
    sum += own / tensor.size;
  }
  return sum;
}

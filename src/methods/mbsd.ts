import type { Tensor } from "../engine/tensor.ts";
import {
  abs,
  add,
  argmax,
  crossEntropy,
  div,
  exp,
  maximum,
  minimum,
  mul,
  neg,
  square,
  sub,
  sum,
} from "../ops/index.ts";
import { presence } from "./completion.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { addTerms, ownLosses, spread } from "./steps.ts";

/**
 * Bi-directional distillation between modalities. With p_a, p_b the probabilities of the true class,
 * L = CE(z) + sum_m CE(z_m) + mean over pairs and samples of w (|z_a - z_b|^2 / C + pw (log pw - log ps)), where ps and pw
 * are the larger and the smaller of p_a and p_b, and w = |p_a - p_b| if either modality is right, else 0.
 *
 * Source: MBSD as in BalanceBenchmark, where gradients flow through w, ps and pw too. Its
 * code passes ps where log ps belongs, and with three modalities probabilities where logits belong: both as in the formula
 * here. A pair counts on the samples that have both.
 */
export const mbsd = defineMethod({
  name: "mbsd",
  title: "joint training in which modalities teach each other, the more the less they agree",
  source: "MBSD, in BalanceBenchmark",
  options: JOINT_OPTIONS,
  fusion: null,
  build(context) {
    const { modalities } = context;
    return jointMethod(context, summedHeads(context), {
      ownLogits: true,
      loss({ batch, features, joint, parts }) {
        const { labels, size } = batch;
        const names = modalities.filter((m) => parts[m] !== undefined);
        const sides = names.map((m) => ({
          z: spread(parts[m] as Tensor, features[m]?.rows ?? null, size),
          present: presence(features[m], size),
        }));
        const pairs = sides.flatMap((b, j) =>
          sides.slice(0, j).map((a) => {
            const both = a.present.map((has, i) => has * (b.present[i] as number));
            const count = both.reduce((total, has) => total + has, 0);
            return { a: a.z, b: b.z, both, count };
          }),
        );
        const found = pairs.filter(({ count }) => count > 0);
        const lessons = found.map(({ a, b, both, count }) =>
          div(lesson(context, a, b, labels, both), count * found.length),
        );
        return addTerms(
          context.loss(joint, labels),
          ...ownLosses(context, parts, features, labels),
          ...lessons,
        );
      },
    });
  },
});

/** Sum over the samples that have both of w (|z_a - z_b|^2 / C + pw (log pw - log ps)). */
function lesson(
  { engine, classes }: MethodContext<string, unknown>,
  a: Tensor,
  b: Tensor,
  labels: Tensor,
  both: Uint8Array,
): Tensor {
  const [logA, logB] = [a, b].map((z) => neg(crossEntropy(z, labels, { reduction: "none" }))) as [
    Tensor,
    Tensor,
  ];
  const [y, bestA, bestB] = [labels, argmax(a, { axis: 1 }), argmax(b, { axis: 1 })].map((x) =>
    x.view(),
  ) as [Int32Array, Int32Array, Int32Array];
  const counts = both.map((has, i) =>
    has === 1 && (bestA[i] === y[i] || bestB[i] === y[i]) ? 1 : 0,
  );
  const weight = mul(abs(sub(exp(logA), exp(logB))), engine.tensor(counts));
  const [weak, strong] = [minimum(logA, logB), maximum(logA, logB)];
  const distance = div(sum(square(sub(a, b)), { axis: 1 }), classes);
  return sum(mul(weight, add(distance, mul(exp(weak), sub(weak, strong)))));
}

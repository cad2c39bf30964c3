import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { takeGradients } from "../optim/index.ts";
import { concatHead, JOINT_OPTIONS, jointMethod } from "./joint.ts";
import { defineMethod } from "./method.ts";
import { addTerms, mapFeatures, ownHeads, ownLosses } from "./steps.ts";

/**
 * Pareto-balanced gradients. Each encoder gets two gradients, u of the joint loss and v of its modality's own loss. Where
 * u'v > 0 both count half, else with the weights k, 1 - k of the shortest vector between them, k = (v'v - u'v) / |u - v|^2.
 * The gradient becomes, tensor by tensor, g = 2 (k u + (1 - k) v), lengthened to |u + v| where it is shorter, times the
 * strength. Heads (one on all features, one per modality) add the gradients of all losses.
 *
 * Source: MMPareto (ICML 2024), algorithm 1 and its public code, which agree. Limits on the gradient's norm act on the
 * joint loss alone.
 */
export const mmpareto = defineMethod({
  name: "mmpareto",
  title: "joint and own losses, their encoder gradients balanced where they disagree",
  source: "MMPareto (ICML 2024)",
  options: {
    ...JOINT_OPTIONS,
    strength: number(1.5, "factor of the encoders' gradients", { min: 0.1, max: 10 }),
  },
  fusion: null,
  build(context) {
    const { encoders, modalities, options } = context;
    const head = concatHead(context);
    const heads = ownHeads(context, context.parameters.scope("own"));
    return jointMethod(
      context,
      (features, size) => ({
        joint: head(features, size),
        parts: mapFeatures(features, (m, { values }) => heads[m].forward(values)),
      }),
      {
        descend({ batch, features, joint, parts }, optimizer) {
          const total = context.descend("joint", context.loss(joint, batch.labels), optimizer);
          const toJoint = modalities.map((m) => takeGradients(encoders[m].parameters.trained()));
          // Nothing is cleared here, so the heads' gradients add up.
          const losses = ownLosses(context, parts, features, batch.labels);
          const own = context.descend("own", addTerms(context.engine.tensor(0), ...losses));
          modalities.forEach((m, k) => {
            balance(encoders[m].parameters.trained(), toJoint[k] ?? [], options.strength);
          });
          return total + own;
        },
        ownLogits: true,
      },
    );
  },
});

/** Replaces the gradients v of an encoder's tensors by the balance of u and v; without u they stay. */
function balance(
  tensors: readonly Tensor[],
  toJoint: readonly (Float32Array | undefined)[],
  strength: number,
): void {
  const pairs = tensors.flatMap((tensor, i) => {
    const [u, v] = [toJoint[i], tensor.engine.gradient(tensor)];
    return u === undefined || v === undefined ? [] : [{ u, v }];
  });
  const sums = pairs.reduce(
    (sum, { u, v }) => ({
      uu: sum.uu + dot(u, u),
      uv: sum.uv + dot(u, v),
      vv: sum.vv + dot(v, v),
    }),
    { uu: 0, uv: 0, vv: 0 },
  );
  const { uu, uv, vv } = sums;
  const between = uu + vv - 2 * uv;
  const k = uv > 0 || between === 0 ? 0.5 : (vv - uv) / between;
  for (const { u, v } of pairs) {
    const plain = u.map((x, i) => x + (v[i] as number));
    const mixed = u.map((x, i) => 2 * (k * x + (1 - k) * (v[i] as number)));
    const [wanted, length] = [Math.sqrt(dot(plain, plain)), Math.sqrt(dot(mixed, mixed))];
    const factor = strength * (length > 0 ? Math.max(1, wanted / length) : 1);
    v.set(mixed.map((x) => factor * x));
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
}

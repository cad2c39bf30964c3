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
 * Source: MMPareto (ICML 2024), as in its public code.
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
        backward({ batch, features, joint, parts }) {
          const total = context.backward("joint", context.loss(joint, batch.labels));
          const toJoint = modalities.map((m) => takeGradients(encoders[m].parameters.trained()));
          // The heads' gradients add up.
          const losses = ownLosses(context, parts, features, batch.labels);
          const own = context.backward("own", addTerms(context.engine.tensor(0), ...losses));
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

/** Replaces the gradients v of an encoder's tensors by the balance of u and v; without u they stay. Overwrites u. */
function balance(
  tensors: readonly Tensor[],
  toJoint: readonly (Float32Array | undefined)[],
  strength: number,
): void {
  const pairs = tensors.flatMap((tensor, i) => {
    const [u, v] = [toJoint[i], tensor.engine.gradient(tensor)];
    return u === undefined || v === undefined ? [] : [{ u, v }];
  });
  let [uu, uv, vv] = [0, 0, 0];
  for (const { u, v } of pairs) {
    uu += dot(u, u);
    uv += dot(u, v);
    vv += dot(v, v);
  }
  const between = uu + vv - 2 * uv;
  const k = uv > 0 || between === 0 ? 0.5 : (vv - uv) / between;
  for (const { u, v } of pairs) {
    for (let i = 0; i < u.length; i++) {
      const x = u[i] as number;
      const y = v[i] as number;
      u[i] = x + y;
      v[i] = 2 * (k * x + (1 - k) * y);
    }
    const [wanted, length] = [Math.sqrt(dot(u, u)), Math.sqrt(dot(v, v))];
    const factor = strength * (length > 0 ? Math.max(1, wanted / length) : 1);
    for (let i = 0; i < v.length; i++) v[i] = factor * (v[i] as number);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { alternate, mapFeatures, ownHeads, perModality } from "./steps.ts";

/**
 * Each modality alone: an encoder and a head of its own, trained on its own loss. Nothing is shared and nothing is
 * fused. What any method makes of a modality is measured against this: the gap is its laziness.
 */
export const unimodal = defineMethod({
  name: "unimodal",
  title: "each modality trained alone",
  source: "yardstick",
  options: {},
  fusion: null,
  yardstick: true,
  build<M extends string>(context: MethodContext<M, unknown>): MethodInstance<M> {
    const { encoders, modalities } = context;
    const heads = ownHeads(context);
    const optimizers = perModality(modalities, (m) =>
      context.optimizer(m, [
        ...encoders[m].parameters.trained(),
        ...context.parameters.scope(m).trained(),
      ]),
    );
    return {
      step: (batch, clock) =>
        alternate(context, batch, optimizers, (m, { input, labels }) => {
          const logits = heads[m].forward(encoders[m].forward(input, clock));
          const loss = context.descend(m, context.loss(logits, labels), optimizers[m]);
          optimizers[m].step(clock.learningRate);
          return loss;
        }),
      logits: (features) => ({
        joint: null,
        modalities: mapFeatures(features, (m, { values }) => heads[m].forward(values)),
      }),
    };
  },
});

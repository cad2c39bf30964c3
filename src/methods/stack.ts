import type { OptionValues } from "../config/options.ts";
import type { EncoderInput } from "../encoders/encoder.ts";
import { scales } from "../fusion/index.ts";
import { EVALUATION } from "../nn/layers.ts";
import { JOINT_OPTIONS } from "./joint.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "./method.ts";
import { mapFeatures, ownHeads, perModality } from "./steps.ts";
import { sum } from "./sum.ts";
import { unimodal } from "./unimodal.ts";

/** The joint network among the voices that are fused. */
const JOINT = "joint network";

/**
 * A stack: the modalities trained alone and a sum network with encoders of its own, all frozen, combined by factors fitted
 * on validation data: z = s_0 z_sum + sum_m s_m z_m. The two families err differently: experts that never saw each other,
 * and a network that learnt to correct one modality by another.
 *
 * The first stage trains the modalities alone, the second the sum network: twice the cost of either.
 *
 * Source: this library.
 */
export const stack = defineMethod({
  name: "stack",
  title: "a sum network and the modalities trained alone, fused by scales",
  source: "this library",
  against: "independence",
  options: JOINT_OPTIONS,
  fusion: scales(),
  startsFrom: unimodal.definition,
  firstStage: "start",
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof JOINT_OPTIONS>>,
  ): MethodInstance<M> {
    const { encoder, modalities } = context;
    const heads = ownHeads(context);
    const scope = context.parameters.scope(JOINT);
    const encoders = perModality(modalities, (m) => encoder(m, scope.scope("encoders").scope(m)));
    const joint = sum.definition.build({ ...context, encoders, parameters: scope.scope("heads") });
    return {
      ...joint,
      logits(features, size) {
        const again = mapFeatures(features, (m, { input, rows }) => ({
          values: encoders[m].forward(input as EncoderInput, EVALUATION),
          rows,
        }));
        return {
          joint: null,
          modalities: mapFeatures(features, (m, { values }) => heads[m].forward(values)),
          experts: { [JOINT]: joint.logits(again, size).joint as never },
        };
      },
    };
  },
});

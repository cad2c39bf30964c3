import { choice, type OptionValues } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { entropy } from "../fusion/index.ts";
import { xavier } from "../nn/parameters.ts";
import { concat, matmul } from "../ops/index.ts";
import { HEAD_PROJECTION_OPTIONS, HeadProjection } from "../optim/head-projection.ts";
import { COMPLEMENT_OPTION, complementaryLoss } from "./complement.ts";
import {
  defineMethod,
  type FeatureSet,
  type MethodContext,
  type MethodInstance,
} from "./method.ts";
import { alternate, encodeAll, mapFeatures, perModality } from "./steps.ts";

const OPTIONS = {
  ...HEAD_PROJECTION_OPTIONS,
  headState: choice(
    ["shared", "perModality"],
    "shared",
    "whether the head's optimizer keeps one state or one per modality",
  ),
  complement: COMPLEMENT_OPTION,
};

type MlaOptions = OptionValues<typeof OPTIONS>;

/**
 * Alternating unimodal adaptation. Each modality in turn takes a step of its own with an encoder of its own and ONE
 * linear head that all share: z_m = W h_m + b. No step touches another modality's encoder, and the head's step is
 * projected so that the head's outputs on what the other modalities were last seen to produce do not move
 * ({@link HeadProjection}). At test time the modalities are fused by entropy, sample by sample.
 *
 * A batch goes, for each modality in the order of declaration that some sample has: forward with the head as the last
 * modality left it; cross entropy over the samples that have the modality; backward; projection; optimizer step; the
 * features, as they were before the encoder moved, are remembered for the modalities that come next.
 *
 * Source: MLA (CVPR 2024), algorithm 1. The public code trains without the projection, which looks for a parameter by a
 * name that the bare layer does not have (docs/method.md); `variant` has what it would compute as "authors-code".
 */
export const mla = defineMethod({
  name: "mla",
  title: "alternating unimodal adaptation, one projected head, fused by entropy",
  source: "MLA (CVPR 2024)",
  against: "laziness",
  options: OPTIONS,
  fusion: entropy(),
  build<M extends string>(context: MethodContext<M, MlaOptions>): MethodInstance<M> {
    const { classes, dim, encoders, engine, modalities, parameters } = context;
    const { complement, headState, ...options } = context.options;
    // One matrix [C, d + 1]: its last column is the bias, so that the projection treats both alike.
    const head = parameters.weight("head", [classes, dim + 1], xavier(dim, classes));
    const projection = new HeadProjection(head, options);
    const encoderOptimizers = perModality(modalities, (m) =>
      context.optimizer(`encoder.${m}`, encoders[m].parameters.trained()),
    );
    const shared = headState === "shared" ? context.optimizer("head", [head]) : undefined;
    const headOptimizers = perModality(
      modalities,
      (m) => shared ?? context.optimizer(`head.${m}`, [head]),
    );
    const withOnes = (features: Tensor) =>
      concat([features, engine.tensor(1, [features.shape[0] as number, 1])], 1);
    const apply = (features: Tensor) => matmul(features, head, { transposeB: true });
    const ofFeatures = (values: Tensor) => apply(withOnes(values));
    return {
      step(batch, clock) {
        projection.startBatch(clock.batch, clock.batchesPerEpoch);
        // No step moves another's encoder: encoded at once or in turn, the features are the same.
        const all: FeatureSet<M> = complement > 0 ? encodeAll(context, batch, clock) : {};
        return alternate(context, batch, encoderOptimizers, (m, { input, labels }) => {
          const features = withOnes(all[m]?.values ?? encoders[m].forward(input, clock));
          const own = apply(features);
          const loss =
            complement > 0
              ? complementaryLoss(context, batch, all, m, own, ofFeatures, complement)
              : context.loss(own, labels);
          const value = context.descend(m, loss, encoderOptimizers[m], headOptimizers[m]);
          encoderOptimizers[m].step(clock.learningRate);
          projection.step(headOptimizers[m], m, features, clock.learningRate);
          return value;
        });
      },
      logits: (features) => ({
        joint: null,
        modalities: mapFeatures(features, (_, { values }) => ofFeatures(values)),
      }),
      measures: () =>
        perModality(modalities, (m) => {
          const { drift, ...rest } = projection.measure(m);
          return { ...rest, rawDrift: drift.raw, drift: drift.projected };
        }),
      state: () => projection.state(),
      restore: (state) => projection.load(state),
      dispose: () => projection.dispose(),
    };
  },
});

import { integer, number, type OptionValues } from "../config/options.ts";
import { scales } from "../fusion/index.ts";
import { EVALUATION, linearLayer } from "../nn/layers.ts";
import { xavier } from "../nn/parameters.ts";
import { concat, dropout, matmul, mul, stopGradient, tanh } from "../ops/index.ts";
import { hashStream } from "../random.ts";
import {
  defineMethod,
  type FeatureSet,
  type MethodContext,
  type MethodInstance,
} from "./method.ts";
import { mla } from "./mla.ts";
import { denseFeatures, encodeAll, perModality } from "./steps.ts";

const OPTIONS = {
  ...mla.definition.options,
  width: integer(64, "width in which modalities are multiplied with each other", { min: 1 }),
  dropout: number(0.2, "share of the expert's inputs dropped in training", { min: 0, max: 0.95 }),
};

/** The expert among the voices that are fused. */
const EXPERT = "joint expert";

/**
 * MLA, and an expert for what only several modalities show together. The expert sees the features and changes no encoder:
 * z_e = W [h_1; ...; h_M; u_1 * u_2; ...; u_{M-1} * u_M] + b, u_m = tanh(A_m h_m), every h_m without gradient and zero
 * where missing. It takes a step of its own after the modalities' in every batch, on what the encoders make of the batch
 * then. The modalities' logits and the expert's are combined by scales fitted on validation data.
 *
 * Source: this library.
 */
export const mlaJoint = defineMethod({
  name: "mla-joint",
  title: "MLA and a joint expert on its features, fused by scales",
  source: "this library",
  against: "independence",
  options: OPTIONS,
  fusion: scales(),
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, engine, modalities } = context;
    const { width, dropout: dropped, ...options } = context.options;
    const alternating = mla.definition.build({ ...context, options });
    const parameters = context.parameters.scope(EXPERT);
    const mixers = perModality(modalities, (m) =>
      parameters.weight(`mix ${m}`, [width, dim], xavier(dim, width)),
    );
    const pairs = modalities.flatMap((b, j) => modalities.slice(0, j).map((a) => [a, b] as const));
    const inputs = modalities.length * dim + pairs.length * width;
    const head = linearLayer(parameters.scope("head"), inputs, classes);
    const optimizer = context.optimizer(EXPERT, parameters.trained());
    const inputsOf = (features: FeatureSet<M>, size: number) => {
      const h = denseFeatures(context, features, size);
      const u = perModality(modalities, (m) =>
        tanh(matmul(stopGradient(h[m]), mixers[m], { transposeB: true })),
      );
      const all = modalities.map((m) => stopGradient(h[m]));
      return concat([...all, ...pairs.map(([a, b]) => mul(u[a], u[b]))], 1);
    };
    return {
      ...alternating,
      step(batch, clock) {
        const losses = alternating.step?.(batch, clock) ?? { total: 0, modalities: {} };
        const features = engine.noGrad(() =>
          encodeAll(context, batch, { ...clock, ...EVALUATION }),
        );
        const key = { seed: clock.seed, step: clock.step, stream: hashStream(EXPERT) };
        const logits = head.forward(dropout(inputsOf(features, batch.size), dropped, key));
        const loss = context.descend(EXPERT, context.loss(logits, batch.labels), optimizer);
        optimizer.step(clock.learningRate);
        return { ...losses, total: losses.total + loss };
      },
      logits: (features, size) => ({
        ...alternating.logits(features, size),
        experts: { [EXPERT]: head.forward(inputsOf(features, size)) },
      }),
    };
  },
});

import { choice, integer, integers, number, type OptionValues } from "../config/options.ts";
import {
  add,
  div,
  concat as join,
  mean,
  mul,
  square,
  stopGradient,
  sub,
  sum,
} from "../ops/index.ts";
import { Random } from "../random.ts";
import { imputed, keepRows, presence } from "./completion.ts";
import { concat } from "./concat.ts";
import { cascade, drawPatterns, layerStack, targetsOf } from "./imagination.ts";
import {
  defineMethod,
  type FeatureSet,
  type MethodContext,
  type MethodInstance,
} from "./method.ts";
import { encodeAll, perModality } from "./steps.ts";

const OPTIONS = {
  patterns: choice(
    ["all", "missing"],
    "all",
    "what training samples keep: any set of modalities, or never all (the paper)",
  ),
  layers: integers([256, 128, 64], "widths of the autoencoders' layers"),
  blocks: integer(5, "autoencoders in a cascade", { min: 1, max: 100 }),
  hidden: integers([128, 128], "widths of the classifier's hidden layers"),
  imagination: number(4, "weight of the distance to the teacher's features", { min: 0, max: 1000 }),
  cycle: number(2, "weight of the distance of the way back", { min: 0, max: 1000 }),
};

/**
 * Missing modality imagination. Each training sample keeps a random set of its modalities; h = [h_1; ...; h_M] with the
 * features of a blank input for what is missing. A cascade of residual autoencoders maps h to an imagination h' and latents,
 * from which the classes are told; a second cascade maps h' back to h''. With t the features of a frozen teacher, of what was
 * taken away for those and of blank inputs for the rest: L = CE + imagination MSE(h', t) + cycle MSE(h'', stop(h)).
 *
 * Source: Zhao et al. (ACL 2021) and its public code, whose teacher is a model of all modalities: `concat` here, from which
 * the encoders start too. Differs: "all" patterns by default, since complete samples are judged as well; no dropout in the
 * classifier; a modality that the data lack has no part in the imagination's loss.
 */
export const mmin = defineMethod({
  name: "mmin",
  title: "imagines missing modalities' features from those that are there",
  source: "MMIN (ACL 2021)",
  against: "missing modalities",
  options: OPTIONS,
  fusion: null,
  leastModalities: 2,
  startsFrom: concat.definition,
  firstStage: "both",
  build<M extends string>(
    context: MethodContext<M, OptionValues<typeof OPTIONS>>,
  ): MethodInstance<M> {
    const { classes, dim, encoders, engine, modalities, options, parameters } = context;
    const width = dim * modalities.length;
    const { layers, blocks } = options;
    const forward = cascade(parameters.scope("forward"), width, layers, blocks);
    const backward = cascade(parameters.scope("backward"), width, layers, blocks);
    const latents = blocks * (layers.at(-1) as number);
    const classify = layerStack(parameters.scope("classifier"), latents, [
      ...options.hidden,
      classes,
    ]);
    const optimizer = context.optimizer("all", [
      ...modalities.flatMap((m) => encoders[m].parameters.trained()),
      ...parameters.trained(),
    ]);
    const complete = (features: FeatureSet<M>, size: number) =>
      join(
        modalities.map((m) => imputed(context, m, features[m], size).values),
        1,
      );
    return {
      step(batch, clock) {
        const { size } = batch;
        const encoded = encodeAll(context, batch, clock);
        const present = modalities.map((m) => presence(encoded[m], size));
        const random = new Random(clock.seed, `patterns/${clock.epoch}/${clock.batch}`);
        const kept = drawPatterns(present, options.patterns === "all", random);
        const masks = perModality(modalities, (m) => kept[modalities.indexOf(m)] as Uint8Array);
        const h = complete(keepRows(engine, encoded, masks), size);
        const { imagined, latents: told } = forward(h);
        const { imagined: back } = backward(imagined);
        const { target, known, count } = engine.noGrad(() =>
          targetsOf(context, batch, present, kept),
        );
        const distance = div(sum(mul(square(sub(imagined, target)), known)), count);
        const loss = add(
          context.loss(classify(told), batch.labels),
          add(
            mul(distance, options.imagination),
            mul(mean(square(sub(back, stopGradient(h)))), options.cycle),
          ),
        );
        const total = context.descend("joint", loss, optimizer);
        optimizer.step(clock.learningRate);
        return { total, modalities: {} };
      },
      logits: (features, size) => ({
        joint: classify(forward(complete(features, size)).latents),
        modalities: {},
      }),
    };
  },
});

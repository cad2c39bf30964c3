import { number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { EVALUATION } from "../nn/layers.ts";
import {
  add,
  entropy,
  gatherRows,
  mean,
  mul,
  softCrossEntropy,
  softmax,
  square,
  sub,
} from "../ops/index.ts";
import { clearGradients } from "../optim/index.ts";
import { JOINT_OPTIONS, jointMethod, summedHeads } from "./joint.ts";
import { defineMethod, type TrainingBatch } from "./method.ts";
import { addTerms, labelsAt, mapFeatures } from "./steps.ts";
import { trueClassScore } from "./strength.ts";
import { unimodal } from "./unimodal.ts";

/**
 * Gradient-guided distillation: a joint student learns from the modalities trained alone, frozen,
 *
 * L = CE(z) + features sum_m MSE(h_m, t_m) + logits sum_m T^2 KL(softmax(teacher_m / T) || softmax(z / T)),
 *
 * and while modalities are prioritised, the encoder of the one whose teacher gives the true class the highest mean
 * probability in the batch takes no step.
 *
 * Source: G2D (ICCV 2025), 150 of 300 epochs prioritised. Its public code zeroes the gradients of convolutions alone, and
 * batch norm, momentum and weight decay still move that encoder; here it stands still. It has two modalities; of more the
 * most confident one waits.
 */
export const g2d = defineMethod({
  name: "g2d",
  title: "joint student of unimodal teachers; the most confident modality's encoder waits",
  source: "G2D (ICCV 2025)",
  options: {
    ...JOINT_OPTIONS,
    features: number(1, "weight of the distance to the teachers' features", { min: 0, max: 100 }),
    logits: number(1, "weight of the divergence from the teachers' predictions", {
      min: 0,
      max: 100,
    }),
    temperature: number(1, "T: softens the predictions that are compared", { min: 0.1, max: 100 }),
    prioritise: number(0.5, "share of the epochs in which an encoder waits", { min: 0, max: 1 }),
  },
  fusion: null,
  startsFrom: unimodal.definition,
  firstStage: "teacher",
  build(context) {
    const { encoders, engine, loss, modalities, options, teacher } = context;
    const { temperature } = options;
    let taught: Readonly<Record<string, Tensor | undefined>> = {};
    /** T^2 KL(softmax(teacher / T) || softmax(student / T)). */
    const divergence = (student: Tensor, known: Tensor) => {
      const soft = mul(known, 1 / temperature);
      const cross = softCrossEntropy(mul(student, 1 / temperature), softmax(soft));
      return mul(sub(cross, mean(entropy(soft))), temperature * temperature);
    };
    return jointMethod(context, summedHeads(context), {
      loss({ batch, encoded, joint }) {
        const inputs: TrainingBatch<string>["inputs"] = batch.inputs;
        const known = engine.noGrad(() =>
          mapFeatures(encoded, (m, { rows }) => ({
            rows,
            values: teacher?.encoders[m].forward(inputs[m]?.input as never, EVALUATION) as Tensor,
          })),
        );
        taught = engine.noGrad(() => teacher?.logits(known as never, batch.size).modalities ?? {});
        const lessons = mapFeatures(encoded, (m, { values, rows }) => {
          const distance = mean(square(sub(values, known[m]?.values as Tensor)));
          const student = rows === null ? joint : gatherRows(joint, rows);
          return add(
            mul(distance, options.features),
            mul(divergence(student, taught[m] as Tensor), options.logits),
          );
        });
        return addTerms(loss(joint, batch.labels), ...(Object.values(lessons) as Tensor[]));
      },
      modulate({ batch, clock, encoded }) {
        if (clock.epoch >= options.prioritise * clock.epochs) return;
        const scores = modalities.flatMap((m) => {
          const [logits, part] = [taught[m], encoded[m]];
          if (logits === undefined || part === undefined) return [];
          return [{ m, score: trueClassScore(logits, labelsAt(batch.labels, part.rows)) }];
        });
        const [first, second] = scores.toSorted((a, b) => b.score - a.score);
        if (first === undefined || second === undefined || first.score === second.score) return;
        clearGradients(encoders[first.m].parameters.trained());
      },
    });
  },
});

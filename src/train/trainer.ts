import { resolveOptions } from "../config/options.ts";
import { findPart, type PartConfig } from "../config/part.ts";
import { buildTuned, type EncoderTuning } from "../encoders/tuning.ts";
import type { Engine } from "../engine/engine.ts";
import { crossEntropy } from "../ops/index.ts";
import { clipByNorm, OPTIMIZERS } from "../optim/index.ts";
import type { Trainer } from "./network.ts";

/** How a network is trained. */
export interface TrainingSettings {
  readonly optimizer: PartConfig;
  /** One weight per class, or null. */
  readonly classWeights: Float32Array | null;
  readonly labelSmoothing: number;
  /** Largest norm of the gradient of one optimizer's parameters; 0: no limit. */
  readonly clip: number;
  /** Of the encoders that are not trained as a whole, at the learning rate. */
  readonly tuning?: Readonly<Record<string, EncoderTuning>>;
}

/** Trains as configured. @throws {OptionError} if there is no such optimizer or an option is wrong, once one is made */
export function createTrainer(engine: Engine, settings: TrainingSettings): Trainer {
  const { classWeights, clip, labelSmoothing, optimizer } = settings;
  return {
    encoder(modality, parameters, build) {
      const tuning = settings.tuning?.[modality];
      return tuning === undefined
        ? build(parameters)
        : buildTuned(modality, tuning, parameters, build);
    },
    optimizer(parameters) {
      const definition = findPart("optimizer", OPTIMIZERS, optimizer.name);
      const options = resolveOptions(optimizer.name, definition.options, optimizer.options);
      return definition.create(parameters, options);
    },
    loss: (logits, labels) =>
      crossEntropy(logits, labels, {
        labelSmoothing,
        ...(classWeights && { classWeights: engine.tensor(classWeights) }),
      }),
    clip(...optimizers) {
      if (clip > 0) for (const { parameters } of optimizers) clipByNorm(parameters, clip);
    },
  };
}

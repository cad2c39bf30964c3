import { createEngine } from "../engine/create-engine.ts";
import type { Engine } from "../engine/engine.ts";
import type { TrainConfig } from "./config.ts";
import type { RemoteRun, TrainingPlace } from "./place.ts";
import { TrainingRun } from "./training-run.ts";

/** What `train` of any form of the library is. */
export interface Train {
  <M extends string>(config: TrainConfig<M> & { readonly where: TrainingPlace }): RemoteRun<M>;
  <M extends string>(config: TrainConfig<M>): TrainingRun<M>;
}

/** `train` of the form of the library that makes its engines so. */
export function trainOn(makeEngine: () => Promise<Engine>): Train {
  const start = <M extends string>({
    where,
    ...config
  }: TrainConfig<M> & { readonly where?: TrainingPlace }): TrainingRun<M> | RemoteRun<M> =>
    where === undefined ? new TrainingRun(config, makeEngine) : where.train(config);
  return start as Train;
}

/**
 * Trains a multimodal classifier: here, or in a worker (`where`) with the same bits.
 *
 * @throws {OptionError | DataError} if the configuration or the data are wrong; nothing is trained then. A run in a
 *   worker rejects with it
 */
export const train: Train = /* @__PURE__ */ trainOn(createEngine);

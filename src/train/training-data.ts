import { batches } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { TrainingData } from "../methods/method.ts";
import { batchTensors } from "./batch-tensors.ts";

/**
 * A dataset as methods see it between epochs.
 *
 * @param breathe - called before each batch: lets the event loop run, throws if the run is stopped
 */
export function trainingData<M extends string>(
  engine: Engine,
  dataset: Dataset<M>,
  batchSize: number,
  breathe: () => Promise<void>,
): TrainingData<M> {
  return {
    size: dataset.size,
    async pass(visit) {
      for (const batch of batches(dataset, { size: batchSize, shuffle: false })) {
        await breathe();
        engine.scope(() => engine.noGrad(() => visit(batchTensors(engine, batch))));
      }
    },
  };
}

import { batches } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import type { TrainingData } from "../methods/method.ts";
import { batchTensors } from "./batch-tensors.ts";
import type { Network } from "./network.ts";
import { outputsOf } from "./outputs.ts";

/**
 * The training data as methods see it between epochs.
 *
 * @param breathe - called before each batch: lets the event loop run, throws if the run is stopped
 * @param look - told of samples that go forward
 */
export function trainingData<M extends string>(
  network: Network<M>,
  dataset: Dataset<M>,
  batchSize: number,
  breathe: () => Promise<void>,
  look: (samples: number) => void = () => {},
): TrainingData<M> {
  const { engine } = network;
  return {
    size: dataset.size,
    dataset,
    batchSize,
    outputs(other) {
      look(other.size);
      return outputsOf(network, other);
    },
    async pass(visit) {
      for (const batch of batches(dataset, { size: batchSize, shuffle: false })) {
        await breathe();
        look(batch.size);
        engine.scope(() => engine.noGrad(() => visit(batchTensors(engine, batch))));
      }
    },
  };
}

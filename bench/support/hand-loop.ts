/** A training loop as one writes it on the engine for one model, with nothing that the model does not need. */
import { batchPositions } from "../../src/data/batches.ts";
import type { Engine, Tensor } from "../../src/index.ts";
import { crossEntropy } from "../../src/ops/index.ts";
import { Sgd } from "../../src/optim/index.ts";
import type { MadeData } from "./made-data.ts";

export interface HandModel {
  readonly engine: Engine;
  readonly data: MadeData;
  readonly trained: readonly Tensor[];
  readonly sgd: {
    readonly rate: number;
    readonly momentum: number;
    readonly weightDecay: number;
  };
  /** Samples per batch; the data hold a whole number of batches. */
  readonly batchSize: number;
  /** Logits of pictures [batch, ...], token ids and the offsets of their lists. */
  forward(pictures: Tensor, ids: Tensor, offsets: Tensor): Tensor;
}

/** An epoch of the model; returns its seconds. */
export function handLoop(model: HandModel): (epoch: number) => number {
  const { engine, batchSize, data } = model;
  const { image, words } = data.modalities;
  const optimizer = new Sgd(model.trained, model.sgd);
  const length = image.values.length / data.size;
  const pictures = new Float32Array(batchSize * length);
  const labels = new Int32Array(batchSize);
  const offsets = new Int32Array(batchSize);
  const ids = new Int32Array((batchSize * words.ids.length) / data.size);
  const ints = { dtype: "i32" } as const;
  return (epoch) => {
    const start = performance.now();
    for (const positions of batchPositions(data.size, { size: batchSize, epoch })) {
      let end = 0;
      for (let i = 0; i < batchSize; i++) {
        const at = positions[i] as number;
        pictures.set(image.values.subarray(at * length, (at + 1) * length), i * length);
        labels[i] = data.labels[at] as number;
        const list = words.ids.subarray(words.offsets[at], words.offsets[at + 1]);
        offsets[i] = end;
        ids.set(list, end);
        end += list.length;
      }
      engine.scope(() => {
        optimizer.clearGradients();
        const logits = model.forward(
          engine.tensor(pictures, [batchSize, ...image.shape]),
          engine.tensor(ids, [end], ints),
          engine.tensor(offsets, [batchSize], ints),
        );
        const loss = crossEntropy(logits, engine.tensor(labels, [batchSize], ints));
        if (!Number.isFinite(loss.item())) throw new Error("hand loop: the loss is not finite");
        engine.backward(loss);
        optimizer.step();
      });
    }
    return (performance.now() - start) / 1000;
  };
}

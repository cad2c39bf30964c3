import type { Batch, BatchInput } from "../data/batches.ts";
import type { EncoderInput } from "../encoders/encoder.ts";
import type { Engine } from "../engine/engine.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { ModalityBatch, TrainingBatch } from "../methods/method.ts";

/** Copies a batch into the engine's current scope. */
export function batchTensors<M extends string>(engine: Engine, batch: Batch<M>): TrainingBatch<M> {
  const labels = engine.tensor(batch.labels, [batch.size], { dtype: "i32" });
  const inputs: { [K in M]?: ModalityBatch } = {};
  for (const [m, input] of Object.entries(batch.inputs) as [M, BatchInput][]) {
    const { count, rows } = input;
    const own =
      rows === null
        ? labels
        : ints(
            engine,
            rows.map((row) => batch.labels[row] as number),
          );
    inputs[m] = {
      input: inputTensors(engine, input),
      count,
      rows: rows === null ? null : ints(engine, rows),
      labels: own,
    };
  }
  return { size: batch.size, indices: batch.indices.slice(), labels, inputs };
}

function inputTensors(engine: Engine, input: BatchInput): EncoderInput {
  if (input.kind === "dense") {
    const shape = [input.count, ...input.shape];
    return { kind: "dense", values: engine.tensor(input.values, shape) };
  }
  return {
    kind: "bag",
    ids: ints(engine, input.ids),
    offsets: ints(engine, input.offsets.subarray(0, input.count)),
  };
}

function ints(engine: Engine, values: Int32Array): Tensor {
  return engine.tensor(values, [values.length], { dtype: "i32" });
}

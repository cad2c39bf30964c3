import { batches } from "../data/batches.ts";
import {
  type Dataset,
  hasModality,
  type ModalityData,
  modalityNames,
  sampleLength,
} from "../data/dataset.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Outputs } from "../methods/epoch.ts";
import type { Features } from "../methods/method.ts";
import { mapFeatures, perModality } from "../methods/steps.ts";
import { EVALUATION } from "../nn/layers.ts";
import { batchTensors } from "./batch-tensors.ts";
import type { Network } from "./network.ts";

/** Samples of one forward pass, most values of one modality in it, and most work: what is computed takes memory. */
const BATCH = 256;
const BATCH_VALUES = 2 ** 24;
const BATCH_FLOPS = 2 ** 36;

/** One pass over a dataset without gradients; a sample's bits do not depend on its batch. */
export function outputsOf<M extends string>(network: Network<M>, dataset: Dataset<M>): Outputs<M> {
  const { engine, modalities, spec } = network;
  const { size } = dataset;
  const classes = spec.classes.length;
  const nan = (width: number) => new Float32Array(size * width).fill(Number.NaN);
  const alone = perModality(modalities, () => nan(classes));
  const ownHeads = perModality(modalities, () => false);
  const features = perModality(modalities, () => nan(spec.dim));
  const experts: Record<string, Float32Array> = {};
  let joint: Float32Array | null = null;
  let start = 0;
  for (const batch of batches(dataset, {
    size: batchSize(dataset, network),
    shuffle: false,
  })) {
    engine.scope(() =>
      engine.noGrad(() => {
        const { inputs } = batchTensors(engine, batch);
        const encoded: { [K in M]?: Features } = {};
        for (const m of modalities) {
          const part = inputs[m];
          if (part === undefined) continue;
          const values = network.encoders[m].forward(part.input, EVALUATION);
          encoded[m] = { values, rows: part.rows, input: part.input };
          place(features[m], spec.dim, start, values, batch.inputs[m]?.rows ?? null);
        }
        const all = network.method.logits(encoded, batch.size);
        if (all.joint !== null) {
          joint ??= new Float32Array(size * classes);
          place(joint, classes, start, all.joint, null);
        }
        for (const [name, logits] of Object.entries(all.experts ?? {})) {
          experts[name] ??= new Float32Array(size * classes);
          place(experts[name], classes, start, logits, null);
        }
        mapFeatures(encoded, (m, part) => {
          const own = all.modalities[m];
          const rows = batch.inputs[m]?.rows ?? null;
          if (own !== undefined) {
            ownHeads[m] = true;
            place(alone[m], classes, start, own, rows);
          } else {
            const only = network.method.logits({ [m]: part } as typeof encoded, batch.size).joint;
            if (only !== null) place(alone[m], classes, start, only, rows, true);
          }
        });
      }),
    );
    start += batch.size;
  }
  return { size, classes, joint, alone, ownHeads, experts, features, present: presence(dataset) };
}

/** Fewer samples at once where each is large, or much work. */
function batchSize<M extends string>(
  { size, modalities }: Dataset<M>,
  network: Network<M>,
): number {
  if (size === 1) return 1;
  const lengths = Object.values<ModalityData>(modalities).map((data) =>
    data.kind === "dense" ? sampleLength(data.shape) : 1,
  );
  const most = Math.min(BATCH, BATCH_VALUES / Math.max(...lengths), BATCH_FLOPS / network.flops);
  return Math.max(1, Math.floor(most));
}

function presence<M extends string>(dataset: Dataset<M>): Record<M, Uint8Array> {
  return perModality(modalityNames(dataset), (m) =>
    Uint8Array.from({ length: dataset.size }, (_, i) =>
      hasModality(dataset.modalities[m], i) ? 1 : 0,
    ),
  );
}

/**
 * Writes the rows of a tensor [n, width] to their places in an array [size, width].
 *
 * @param whole - the tensor has every row of the batch, and not these alone
 */
function place(
  target: Float32Array,
  width: number,
  start: number,
  values: Tensor,
  rows: Int32Array | null,
  whole = false,
): void {
  const source = values.view() as Float32Array;
  if (rows === null) target.set(source, start * width);
  rows?.forEach((row, i) => {
    const from = whole ? row : i;
    target.set(source.subarray(from * width, (from + 1) * width), (start + row) * width);
  });
}

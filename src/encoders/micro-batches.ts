/** Encoding a batch a few samples at a time, in the memory of those few. */
import type { Tensor } from "../engine/tensor.ts";
import type { Mode } from "../nn/layers.ts";
import { concat, slice } from "../ops/index.ts";
import type { EncoderInput } from "./encoder.ts";

type Forward<I extends EncoderInput> = (input: I, mode: Mode) => Tensor;

/**
 * An encoder's forward pass that keeps the features of each `mode.microBatch` samples alone; the backward pass encodes those
 * samples again. What becomes of features is none of its concern, so this goes with every method, whatever its loss.
 *
 * Source: Gao et al., "Scaling deep contrastive learning batch size under memory limited setup", RepL4NLP 2021.
 */
export function inMicroBatches<I extends EncoderInput>(forward: Forward<I>): Forward<I> {
  return (input, mode) => {
    const { engine, shape } = input.kind === "dense" ? input.values : input.offsets;
    const [count = 0] = shape;
    const size = mode.microBatch || count;
    if (count <= size) return forward(input, mode);
    const parts: Tensor[] = [];
    for (let start = 0; start < count; start += size) {
      // Other dropout masks for each.
      const own = { ...mode, seed: mode.seed + start };
      const end = Math.min(start + size, count);
      parts.push(engine.recompute(() => forward(samples(input, start, end) as I, own)));
    }
    return concat(parts, 0);
  };
}

/** Samples `start` to `end` - 1. */
function samples(input: EncoderInput, start: number, end: number): EncoderInput {
  const { kind } = input;
  if (kind === "dense") return { kind, values: slice(input.values, 0, start, end) };
  const all = input.offsets.view() as Int32Array;
  const first = all[start] as number;
  const offsets = all.slice(start, end).map((offset) => offset - first);
  return {
    kind,
    ids: slice(input.ids, 0, first, all[end] ?? input.ids.size),
    offsets: input.ids.engine.tensor(offsets, [offsets.length], { dtype: "i32" }),
  };
}

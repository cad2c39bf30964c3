import { integer, integers, number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { dropoutLayer, linearLayer } from "../nn/layers.ts";
import { kaiming } from "../nn/parameters.ts";
import { concat, conv1d, max, mul, reshape, scatterRows } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";
import { indices, placesOf, SEQUENCE_OPTIONS, type Spans, sequenceReader } from "./sequence.ts";

/**
 * Filters over neighbouring tokens, and the greatest response of each in the whole text. Filters see whole windows of the
 * text alone; a text shorter than a filter is its only window.
 *
 * Source: Kim, "Convolutional neural networks for sentence classification", EMNLP 2014, section 2.
 */
export const textCnn = defineEncoder({
  name: "text-cnn",
  title:
    "convolutions over word vectors, the greatest response of each filter, then a linear layer",
  input: "bag",
  typical: { kind: "bag", vocabulary: 10000 },
  options: {
    width: integer(128, "length of a word vector", { min: 1 }),
    widths: integers([3, 4, 5], "tokens that the filters see; at least one", { max: 64 }),
    filters: integer(100, "filters of each width", { min: 1 }),
    maxLength: SEQUENCE_OPTIONS.maxLength,
    dropout: number(0.5, "share of responses dropped in training", { min: 0, max: 0.95 }),
  },
  build({ input, dim, options, parameters }) {
    const { width, widths, filters, maxLength } = options;
    const reader = sequenceReader("text-cnn", input, parameters, { width, maxLength, trim: false });
    const convolutions = widths.map((taps) => {
      const scope = parameters.scope(`filters${taps}`);
      const weight = scope.weight("weight", [taps, width, filters], kaiming(taps * width));
      const bias = scope.weight("bias", [filters], { value: 0 });
      const positions = Math.max(maxLength - taps + 1, 1);
      return { taps, weight, bias, flops: 2 * positions * taps * width * filters };
    });
    const drop = dropoutLayer(options.dropout, "dropout");
    const last = linearLayer(parameters.scope("out"), filters * widths.length, dim);
    return {
      flops: convolutions.reduce((sum, { flops }) => sum + flops, last.flops),
      forward(batch, mode) {
        const { engine } = batch.ids;
        const spans = reader.spans(batch);
        const length = Math.max(...widths, ...spans.lengths);
        const words = reader.read(batch, placesOf(spans));
        const padded = pad(words, spans.lengths, length);
        const responses = convolutions.map(({ taps, weight, bias }) => {
          const all = conv1d(padded, weight, { bias, activation: "relu" });
          const whole = windowMask(spans, taps, length);
          return max(mul(all, engine.tensor(whole, [spans.lengths.length, length - taps + 1, 1])), {
            axis: 1,
          });
        });
        return last.forward(drop.forward(concat(responses, 1), mode));
      },
    };
  },
});

/** Sequences one after the other, [elements, width], each filled up with zeros: [n, length, width]. */
function pad(x: Tensor, lengths: Int32Array, length: number): Tensor {
  const starts = lengths.map((_, i) => i * length);
  const rows = indices(x.engine, placesOf({ starts, lengths }));
  const n = lengths.length;
  return reshape(scatterRows(x, rows, n * length), [n, length, x.shape[1] as number]);
}

/** 1 where a window lies in the text, [n, length - taps + 1]: the others say nothing, whatever else is in the batch. */
function windowMask({ lengths }: Spans, taps: number, length: number): Float32Array {
  const positions = length - taps + 1;
  const mask = new Float32Array(lengths.length * positions);
  lengths.forEach((own, i) => {
    const windows = own === 0 ? 0 : Math.max(own - taps + 1, 1);
    mask.fill(1, i * positions, i * positions + windows);
  });
  return mask;
}

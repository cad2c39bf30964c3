import { integer } from "../config/options.ts";
import { linearLayer } from "../nn/layers.ts";
import { embeddingBag } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";

/** Mean of learned word vectors, then a linear layer. An empty text gives zeros before the linear layer. */
export const embedding = defineEncoder({
  name: "embedding",
  title: "mean of learned word vectors, then a linear layer",
  input: "bag",
  typical: { kind: "bag", vocabulary: 10000 },
  options: { width: integer(64, "length of a word vector", { min: 1 }) },
  build({ input, dim, options, parameters }) {
    const { width } = options;
    const table = parameters.weight("words", [input.vocabulary, width], { deviation: 1 });
    const last = linearLayer(parameters.scope("out"), width, dim);
    return {
      flops: last.flops,
      forward: ({ ids, offsets }) => last.forward(embeddingBag(table, ids, offsets, "mean")),
    };
  },
});

import { integers } from "../config/options.ts";
import { linearLayer } from "../nn/layers.ts";
import { lecun } from "../nn/parameters.ts";
import { add, embeddingBag, relu } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";

/** Fully connected layers on the vector of word counts, which is never built: its first layer sums rows. */
export const bagOfWords = defineEncoder({
  name: "bag-of-words",
  title: "fully connected layers on word counts",
  input: "bag",
  typical: { kind: "bag", vocabulary: 10000 },
  options: { hidden: integers([128], "widths of the hidden layers; at least one") },
  build({ input, dim, options, parameters }) {
    const [first = dim, ...rest] = options.hidden;
    const scope = parameters.scope("words");
    const table = scope.weight("weight", [input.vocabulary, first], lecun(input.vocabulary));
    const bias = scope.weight("bias", [first], { value: 0 });
    const widths = [first, ...rest];
    const hidden = rest.map((width, i) =>
      linearLayer(parameters.scope(`hidden${i}`), widths[i] as number, width, "relu"),
    );
    const last = linearLayer(parameters.scope("out"), widths.at(-1) as number, dim);
    return {
      flops: [...hidden, last].reduce((sum, layer) => sum + layer.flops, 0),
      forward({ ids, offsets }) {
        let x = relu(add(embeddingBag(table, ids, offsets, "sum"), bias));
        for (const layer of hidden) x = layer.forward(x);
        return last.forward(x);
      },
    };
  },
});

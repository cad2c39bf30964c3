import { choice, integers, number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { dropoutLayer, type Layer, layerNormLayer, linearLayer } from "../nn/layers.ts";
import { add, div, reshape, sqrt, square, sum } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";

/** Added to a squared length before its root is taken, so that zeros stay zeros. */
const EPSILON = 1e-12;

/**
 * Fully connected layers with relu on flattened numbers: feature vectors of any model, small pictures. Vectors of models
 * that compare by angle (CLIP and its like) are best brought to length 1, others to mean 0 and variance 1.
 */
export const mlp = defineEncoder({
  name: "mlp",
  title: "fully connected layers with relu, then a linear layer",
  input: "dense",
  typical: { kind: "dense", shape: [512] },
  options: {
    hidden: integers([128], "widths of the hidden layers"),
    dropout: number(0, "share of hidden units dropped in training", { min: 0, max: 0.95 }),
    normalise: choice(
      ["none", "l2", "layer"],
      "none",
      "what is done to each sample first: brought to length 1, or layer norm",
    ),
  },
  build({ input, dim, options, parameters }) {
    const inputs = input.shape.reduce((product, length) => product * length, 1);
    const widths = [inputs, ...options.hidden];
    const norm =
      options.normalise === "layer" ? layerNormLayer(parameters.scope("norm"), inputs) : null;
    const hidden = options.hidden.map((width, i) =>
      linearLayer(parameters.scope(`hidden${i}`), widths[i] as number, width, "relu"),
    );
    const drops = hidden.map((_, i) => dropoutLayer(options.dropout, `dropout${i}`));
    const last = linearLayer(parameters.scope("out"), widths.at(-1) as number, dim);
    return {
      flops: [...hidden, last].reduce((sum, layer) => sum + layer.flops, 0),
      forward({ values }, mode) {
        let x = reshape(values, [-1, inputs]);
        if (options.normalise === "l2") x = unitLength(x);
        if (norm !== null) x = norm.forward(x);
        hidden.forEach((layer, i) => {
          x = (drops[i] as Layer).forward(layer.forward(x), mode);
        });
        return last.forward(x);
      },
    };
  },
});

/** x / |x|, row by row. */
function unitLength(x: Tensor): Tensor {
  const squares = sum(square(x), { axis: 1, keepDims: true });
  return div(x, sqrt(add(squares, EPSILON)));
}

import { integers, number } from "../config/options.ts";
import { linearLayer } from "../nn/layers.ts";
import { dropout, reshape } from "../ops/index.ts";
import { hashStream } from "../random.ts";
import { defineEncoder } from "./encoder.ts";

/** Fully connected layers with relu on flattened numbers: feature vectors of any model, small pictures. */
export const mlp = defineEncoder({
  name: "mlp",
  title: "fully connected layers with relu, then a linear layer",
  input: "dense",
  options: {
    hidden: integers([128], "widths of the hidden layers"),
    dropout: number(0, "share of hidden units dropped in training", { min: 0, max: 0.95 }),
  },
  build({ input, dim, options, parameters }) {
    const inputs = input.shape.reduce((product, length) => product * length, 1);
    const widths = [inputs, ...options.hidden];
    const hidden = options.hidden.map((width, i) =>
      linearLayer(parameters.scope(`hidden${i}`), widths[i] as number, width, "relu"),
    );
    const last = linearLayer(parameters.scope("out"), widths.at(-1) as number, dim);
    return {
      flops: [...hidden, last].reduce((sum, layer) => sum + layer.flops, 0),
      forward({ values }, mode) {
        let x = reshape(values, [-1, inputs]);
        hidden.forEach((layer, i) => {
          x = layer.forward(x);
          if (mode.training && options.dropout > 0) {
            const { seed, step } = mode;
            x = dropout(x, options.dropout, { seed, step, stream: hashStream(`dropout${i}`) });
          }
        });
        return last.forward(x);
      },
    };
  },
});

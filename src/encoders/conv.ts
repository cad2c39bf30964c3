import { choice, flag, integer, integers } from "../config/options.ts";
import { formatShape, ShapeError } from "../engine/errors.ts";
import { convBlock, linearLayer } from "../nn/layers.ts";
import { globalAvgPool, reshape } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";

/** Convolution blocks that halve height and width, then a linear layer: pictures and spectrograms, NHWC. */
export const conv = defineEncoder({
  name: "conv",
  title: "strided convolutions with relu, then a linear layer",
  input: "dense",
  typical: { kind: "dense", shape: [32, 32, 3] },
  options: {
    channels: integers([16, 32, 64], "channels of each block"),
    kernel: integer(3, "height and width of the filters; odd", { min: 1, max: 15 }),
    stride: integer(2, "stride of each block", { min: 1, max: 4 }),
    batchNorm: flag(true, "batch norm after each convolution"),
    pool: choice(["flatten", "average"], "average", "what the linear layer sees of the last block"),
  },
  build({ input, dim, options, parameters }) {
    const [rows, columns, depth] = input.shape;
    if (input.shape.length !== 3 || !rows || !columns || !depth) {
      throw new ShapeError(
        `conv: Cannot encode this input: expected [height, width, channels], got ${formatShape(input.shape)}`,
      );
    }
    let [height, width, inputs] = [rows, columns, depth];
    const blocks = options.channels.map((outputs, i) => {
      const { kernel, stride, batchNorm } = options;
      const block = convBlock(parameters.scope(`block${i}`), {
        height,
        width,
        inputs,
        outputs,
        kernel,
        stride,
        batchNorm,
      });
      ({ height, width } = block);
      inputs = outputs;
      return block;
    });
    const features = options.pool === "flatten" ? height * width * inputs : inputs;
    const last = linearLayer(parameters.scope("out"), features, dim);
    return {
      flops: [...blocks, last].reduce((sum, layer) => sum + layer.flops, 0),
      forward({ values }, mode) {
        let x = values;
        for (const block of blocks) x = block.forward(x, mode);
        x = options.pool === "flatten" ? reshape(x, [-1, features]) : globalAvgPool(x);
        return last.forward(x);
      },
    };
  },
});

import { choice, integer } from "../config/options.ts";
import { formatShape, ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { type ConvBlock, convBlock, type Layer, type Mode, stretch } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";
import { add, globalAvgPool, maxPool2d, mean, relu, reshape } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";
import { inMicroBatches } from "./micro-batches.ts";
import { OUT_OPTION, outLayer } from "./out-layer.ts";

const STAGES = 4;
const BLOCKS_PER_STAGE = 2;

/** A residual network of 18 layers: He et al., "Deep residual learning for image recognition", CVPR 2016, table 1. */
export const resnet18 = defineEncoder({
  name: "resnet18",
  title: "ResNet-18 on a picture, a spectrogram, or several frames whose features are averaged",
  input: "dense",
  typical: { kind: "dense", shape: [224, 224, 3] },
  options: {
    width: integer(64, "channels of the first stage; each later one has twice as many", { min: 1 }),
    stem: choice(
      ["large", "small"],
      "large",
      "first layer: 7 x 7 with stride 2 and max pooling, or 3 x 3 for small pictures",
    ),
    out: OUT_OPTION,
  },
  build({ input, dim, options, parameters }) {
    const { frames, height, width, channels } = pictureShape(input.shape);
    const large = options.stem === "large";
    const stem = convBlock(parameters.scope("stem"), {
      height,
      width,
      inputs: channels,
      outputs: options.width,
      kernel: large ? 7 : 3,
      stride: large ? 2 : 1,
      batchNorm: true,
    });
    const pooled = (length: number) => (large ? Math.floor((length - 1) / 2) + 1 : length);
    let size = { height: pooled(stem.height), width: pooled(stem.width) };
    let inputs = options.width;
    const blocks: Layer[] = [];
    for (let stage = 0; stage < STAGES; stage++) {
      for (let i = 0; i < BLOCKS_PER_STAGE; i++) {
        const outputs = options.width << stage;
        const stride = stage > 0 && i === 0 ? 2 : 1;
        const scope = parameters.scope(`layer${stage + 1}`).scope(String(i));
        const block = basicBlock(scope, { ...size, inputs, outputs, stride });
        blocks.push(block);
        size = block;
        inputs = outputs;
      }
    }
    const last = outLayer("resnet18", options.out, parameters, inputs, dim);
    const perFrame = [stem, ...blocks].reduce((sum, layer) => sum + layer.flops, 0);
    return {
      flops: frames * perFrame + last.flops,
      forward: inMicroBatches(({ values }, mode) => {
        let x = stretch(reshape(values, [-1, height, width, channels]), mode, (pictures) => {
          const y = stem.forward(pictures, mode);
          return large ? maxPool2d(y, 3, { stride: 2, padding: 1 }) : y;
        });
        for (const block of blocks) x = stretch(x, mode, (y) => block.forward(y, mode));
        const features = globalAvgPool(x);
        if (frames === 1) return last.forward(features);
        return last.forward(mean(reshape(features, [-1, frames, inputs]), { axis: 1 }));
      }),
    };
  },
});

/** [height, width], [height, width, channels] or [frames, height, width, channels]. */
function pictureShape(shape: readonly number[]) {
  const [frames = 0, height = 0, width = 0, channels = 0] =
    shape.length === 2 ? [1, ...shape, 1] : shape.length === 3 ? [1, ...shape] : shape;
  if (shape.length > 4 || frames * height * width * channels === 0) {
    throw new ShapeError(
      `resnet18: Cannot encode this input: expected [height, width, channels] or [frames, height, width, channels], got ${formatShape(shape)}`,
    );
  }
  return { frames, height, width, channels };
}

interface BlockSize {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** relu(x + conv(relu(conv(x)))), with batch norms; the shortcut is a 1 x 1 convolution where the shape changes. */
function basicBlock(parameters: Parameters, size: BlockSize): ConvBlock {
  const first = convBlock(parameters.scope("conv1"), { ...size, kernel: 3, batchNorm: true });
  const { height, width } = first;
  const second = convBlock(parameters.scope("conv2"), {
    height,
    width,
    inputs: size.outputs,
    outputs: size.outputs,
    kernel: 3,
    stride: 1,
    batchNorm: true,
    relu: false,
  });
  const changes = size.stride !== 1 || size.inputs !== size.outputs;
  const shortcut = changes
    ? convBlock(parameters.scope("shortcut"), { ...size, kernel: 1, batchNorm: true, relu: false })
    : null;
  return {
    height,
    width,
    flops: first.flops + second.flops + (shortcut?.flops ?? 0),
    forward(x: Tensor, mode: Mode) {
      const y = second.forward(first.forward(x, mode), mode);
      return relu(add(y, shortcut?.forward(x, mode) ?? x));
    },
  };
}

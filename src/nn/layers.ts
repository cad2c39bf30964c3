/** Layers: parameters and the function that uses them. Each states its cost in FLOPs per sample, forward. */
import type { Tensor } from "../engine/tensor.ts";
import {
  batchNorm,
  conv2d,
  dropout,
  type FusedActivation,
  layerNorm,
  linear,
} from "../ops/index.ts";
import { hashStream } from "../random.ts";
import { kaiming, type Parameters, xavier } from "./parameters.ts";

/** What a forward pass needs to know beside its input. */
export interface Mode {
  readonly training: boolean;
  readonly seed: number;
  /** Where the run stands, in batches of the training part; with the seed it fixes the dropout masks. */
  readonly step: number;
  /** Whether {@link stretch} keeps its result alone, and the backward pass computes it again. */
  readonly recompute?: boolean;
  /** Samples that an encoder has in memory at a time; 0: all. */
  readonly microBatch?: number;
}

/** body(x), as a stretch that is computed again where the mode says so. */
export function stretch(x: Tensor, { recompute }: Mode, body: (x: Tensor) => Tensor): Tensor {
  return recompute === true ? x.engine.recompute(body, x) : body(x);
}

/** Of a network in use. */
export const EVALUATION: Mode = { training: false, seed: 0, step: 0 };

export interface Layer {
  forward(x: Tensor, mode: Mode): Tensor;
  /** Floating-point operations per sample, forward: a multiply and an add are two. */
  readonly flops: number;
}

/** A layer that does the same in training and in use. */
export interface PlainLayer {
  forward(x: Tensor): Tensor;
  readonly flops: number;
}

/** x W' + b, [n, inputs] -> [n, outputs]; with relu: max(., 0). */
export function linearLayer(
  parameters: Parameters,
  inputs: number,
  outputs: number,
  activation: "none" | "relu" = "none",
): PlainLayer {
  const init = activation === "relu" ? kaiming(inputs) : xavier(inputs, outputs);
  const weight = parameters.weight("weight", [outputs, inputs], init);
  const bias = parameters.weight("bias", [outputs], { value: 0 });
  return {
    forward: (x) => linear(x, weight, { bias, activation }),
    flops: 2 * inputs * outputs,
  };
}

/** Layer norm over the last axis. */
export function layerNormLayer(
  parameters: Parameters,
  width: number,
  epsilon?: number,
): PlainLayer {
  const gamma = parameters.weight("weight", [width], { value: 1 });
  const beta = parameters.weight("bias", [width], { value: 0 });
  return { forward: (x) => layerNorm(x, gamma, beta, epsilon), flops: 0 };
}

/** Dropout at a place of its own in the network; in use it does nothing. */
export function dropoutLayer(rate: number, place: string): Layer {
  const stream = hashStream(place);
  return {
    forward: (x, { training, seed, step }) =>
      training && rate > 0 ? dropout(x, rate, { seed, step, stream }) : x,
    flops: 0,
  };
}

export interface ConvBlockOptions {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly batchNorm: boolean;
  /** Default: true. */
  readonly relu?: boolean;
}

export interface ConvBlock extends Layer {
  readonly height: number;
  readonly width: number;
}

/** Convolution with "same" padding, batch norm (or a bias) and, unless switched off, relu; NHWC. */
export function convBlock(parameters: Parameters, options: ConvBlockOptions): ConvBlock {
  const { inputs, outputs, kernel, stride, relu: rectified = true } = options;
  const activation = rectified ? "relu" : "none";
  const padding = (kernel - 1) >> 1;
  const height = Math.floor((options.height + 2 * padding - kernel) / stride) + 1;
  const width = Math.floor((options.width + 2 * padding - kernel) / stride) + 1;
  const taps = kernel * kernel;
  const weight = parameters.weight(
    "weight",
    [kernel, kernel, inputs, outputs],
    kaiming(taps * outputs),
  );
  const flops = 2 * height * width * taps * inputs * outputs;
  const size = { height, width, flops };
  if (!options.batchNorm) {
    const bias = parameters.weight("bias", [outputs], { value: 0 });
    return {
      ...size,
      forward: (x) => conv2d(x, weight, { bias, stride, padding, activation }),
    };
  }
  const norm = batchNormLayer(parameters.scope("norm"), outputs, activation);
  return {
    ...size,
    forward: (x, mode) => norm.forward(conv2d(x, weight, { stride, padding }), mode),
  };
}

/**
 * Batch norm over all axes but the last, then the activation. A batch with one value per channel uses the running
 * statistics; so does a frozen layer, which leaves them.
 */
export function batchNormLayer(
  parameters: Parameters,
  channels: number,
  activation: FusedActivation = "none",
): Layer {
  const state = {
    gamma: parameters.weight("weight", [channels], { value: 1 }),
    beta: parameters.weight("bias", [channels], { value: 0 }),
    runningMean: parameters.buffer("running_mean", [channels], 0),
    runningVar: parameters.buffer("running_var", [channels], 1),
  };
  const frozen = parameters.isFrozen("weight");
  return {
    forward: (x, { training }) =>
      batchNorm(x, state, { training: training && !frozen, activation }),
    flops: 0,
  };
}

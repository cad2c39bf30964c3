import type { Tensor } from "../engine/tensor.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { activationCode, type FusedActivation } from "./matmul.ts";
import { planWindow, type Window, type WindowOptions } from "./window.ts";

export interface Conv2dOptions extends WindowOptions {
  /** [outChannels]. Default: none. */
  bias?: Tensor | undefined;
  /** Channels are cut into so many parts that do not see each other. Default 1. */
  groups?: number;
  /** Applied in the same pass. Default "none". */
  activation?: FusedActivation;
}

/**
 * Convolution of images (cross-correlation, as in every framework), then bias and activation.
 *
 * x[n, height, width, channels], weight[kernelHeight, kernelWidth, channels / groups, outChannels] ->
 * [n, outHeight, outWidth, outChannels], outHeight = floor((height + padding - dilation (kernelHeight - 1) - 1) / stride) + 1.
 * Stride and dilation default to 1, padding to 0; numbers hold for both axes, pairs are [y, x].
 *
 * @throws {ShapeError} if x, weight or bias do not fit, or the kernel is larger than the padded image
 * @throws {OptionError} if stride, dilation, padding or groups is no whole number in range, or the activation is unknown
 */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  checkFilter("conv2d", x, weight, options, "x [n, height, width, channels]", 4);
  const [, height, width] = x.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth] = weight.shape as [number, number, number, number];
  return convolve(
    "conv2d",
    x,
    weight,
    options,
    planWindow("conv2d", 0, height, kernelHeight, options),
    planWindow("conv2d", 1, width, kernelWidth, options),
  );
}

export interface Conv1dOptions extends Omit<Conv2dOptions, "stride" | "padding" | "dilation"> {
  stride?: number;
  padding?: number | "same";
  dilation?: number;
}

/**
 * Convolution of sequences: x[n, length, channels], weight[kernel, channels / groups, outChannels] ->
 * [n, outLength, outChannels]. As {@link conv2d} with one axis.
 *
 * @throws {ShapeError} if x, weight or bias do not fit, or the kernel is larger than the padded sequence
 * @throws {OptionError} if stride, dilation, padding or groups is no whole number in range, or the activation is unknown
 */
export function conv1d(x: Tensor, weight: Tensor, options: Conv1dOptions = {}): Tensor {
  checkFilter("conv1d", x, weight, options, "x [n, length, channels]", 3);
  const [, length] = x.shape as [number, number, number];
  const [kernel] = weight.shape as [number, number, number];
  return convolve(
    "conv1d",
    x,
    weight,
    options,
    planWindow("conv1d", 0, 1, 1, {}),
    planWindow("conv1d", 1, length, kernel, options),
  );
}

function checkFilter(
  where: string,
  x: Tensor,
  weight: Tensor,
  { bias, groups = 1 }: Conv2dOptions,
  layout: string,
  rank: number,
): void {
  checkOperands(where, x, weight, bias);
  wholeNumber(`${where}: Cannot use the number of groups`, groups, 1);
  const channels = x.shape.at(-1);
  const [inputs, outputs] = weight.shape.slice(-2);
  const fits =
    x.rank === rank &&
    weight.rank === rank &&
    inputs !== undefined &&
    outputs !== undefined &&
    weight.size > 0 &&
    channels === inputs * groups &&
    outputs % groups === 0;
  if (!fits) {
    const kernel = rank === 4 ? "kernelHeight, kernelWidth" : "kernel";
    const parts = groups === 1 ? "channels" : `channels / ${groups}`;
    const multiple = groups === 1 ? "" : ` with outChannels a multiple of ${groups}`;
    const wanted = `${layout} and weight [${kernel}, ${parts}, outChannels]${multiple}`;
    throw shapeError(where, "Cannot convolve", wanted, x, weight);
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.size !== outputs)) {
    throw shapeError(where, "Cannot add the bias", `[${outputs}]`, bias);
  }
}

function convolve(
  where: string,
  x: Tensor,
  weight: Tensor,
  { bias, groups = 1, activation = "none" }: Conv2dOptions,
  vertical: Window,
  horizontal: Window,
): Tensor {
  const pointer = x.engine.core.conv2d(
    x.pointer,
    weight.pointer,
    bias?.pointer ?? 0,
    vertical.stride,
    horizontal.stride,
    vertical.before,
    vertical.after,
    horizontal.before,
    horizontal.after,
    vertical.dilation,
    horizontal.dilation,
    groups,
    activationCode(where, activation),
  );
  return x.engine.wrap(pointer);
}

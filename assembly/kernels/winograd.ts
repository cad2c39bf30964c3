/**
 * Convolutions of 3 x 3 with stride 1 by Winograd's minimal filtering, forward and towards the input.
 *
 * Tiles of the input and the filters are transformed, multiplied value by value and summed over the channels, each value
 * as one matrix product over tiles and channels; the sums are transformed back. Filters are transformed for a block of
 * output channels at a time, so that they never leave the second level cache. Each sum is one ascending chain, whatever
 * the threads.
 */
import { ConvShape } from "./conv-shape";
import { ProductJob } from "./winograd-job";
import { runProduct } from "./winograd-product";

/** out = activation(x * w + bias), as {@link f32_conv2d}, with tiles of `size`. */
export function winogradForward(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  activation: i32,
  s: ConvShape,
  size: i32,
  scratch: usize,
): void {
  const job = changetype<ProductJob>(scratch);
  job.data = x;
  job.height = s.height;
  job.width = s.width;
  job.channels = s.channels;
  job.top = s.padTop;
  job.left = s.padLeft;
  job.size = size;
  job.target = out;
  job.rows = s.outHeight;
  job.columns = s.outWidth;
  job.outputs = s.outChannels;
  job.weights = w;
  job.tapStep = (<isize>(s.channels * s.outChannels)) << 2;
  job.weightStep = (<usize>s.outChannels) << 2;
  job.transposed = false;
  job.bias = bias;
  job.activation = activation;
  job.accumulate = false;
  runProduct(job, s);
}

/** dx = (accumulate ? dx : 0) + the gradient of x, as {@link f32_conv2d_dx}: dout convolved with the turned filters. */
export function winogradInputGrad(
  dx: usize,
  dout: usize,
  w: usize,
  accumulate: bool,
  s: ConvShape,
  size: i32,
  scratch: usize,
): void {
  const job = changetype<ProductJob>(scratch);
  const tapBytes = (<isize>(s.channels * s.outChannels)) << 2;
  job.data = dout;
  job.height = s.outHeight;
  job.width = s.outWidth;
  job.channels = s.outChannels;
  job.top = 2 - s.padTop;
  job.left = 2 - s.padLeft;
  job.size = size;
  job.target = dx;
  job.rows = s.height;
  job.columns = s.width;
  job.outputs = s.channels;
  job.weights = w + <usize>(8 * tapBytes);
  job.tapStep = -tapBytes;
  job.weightStep = (<usize>s.outChannels) << 2;
  job.transposed = true;
  job.bias = 0;
  job.activation = 0;
  job.accumulate = accumulate;
  runProduct(job, s);
}

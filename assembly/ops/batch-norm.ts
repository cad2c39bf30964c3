import { F32 } from "../../src/engine/abi";
import { gradBuffer, gradSum, hasGrad } from "../gradient";
import { columnSums, gradientSums, sumBytes } from "../kernels/column-sums";
import { newColumnShare, scaleColumns, scaleColumnsGrad } from "../kernels/columns";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { RELU_ACTIVATION } from "../product";
import { isReplay, Node, record, records } from "../tape";
import { dataBytes, newLike, Tensor } from "../tensor";

@unmanaged
class BatchNormNode extends Node {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
  /** f32 per channel: what was subtracted, 1 / standard deviation, gamma / standard deviation. */
  mean: usize;
  rstd: usize;
  scale: usize;
  /** True if mean and rstd come from x, so that gradients flow through them. */
  fromBatch: bool;
  relu: bool;
}

/**
 * out = activation((x - mean) / sqrt(var + eps) gamma + beta) per channel, the last axis of x[.., C].
 *
 * In training, mean and var (biased) are those of the batch, and running = (1 - momentum) running + momentum batch,
 * with the unbiased var. A batch of one value per channel, and evaluation, use the running ones and leave them.
 */
export function batchNorm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  runningMean: Tensor,
  runningVar: Tensor,
  training: bool,
  momentum: f32,
  eps: f32,
  activation: i32,
): Tensor {
  const channels = gamma.size;
  const rows = x.span(0, x.rank - 1);
  const fromBatch = training && rows > 1;
  const out = newLike(x);
  const mean = allocArena(dataBytes(x.dtype, channels));
  const rstd = allocArena(dataBytes(x.dtype, channels));
  const scale = allocArena(dataBytes(x.dtype, channels));
  if (fromBatch) {
    batchStatistics(
      x.data,
      rows,
      channels,
      mean,
      rstd,
      runningMean.data,
      runningVar.data,
      momentum,
      eps,
    );
  } else {
    memory.copy(mean, runningMean.data, (<usize>channels) << 2);
    for (let j: usize = 0, end = (<usize>channels) << 2; j < end; j += 4) {
      store<f32>(rstd + j, reciprocalRoot(<f64>load<f32>(runningVar.data + j), eps));
    }
  }
  for (let j: usize = 0, end = (<usize>channels) << 2; j < end; j += 4) {
    store<f32>(scale + j, load<f32>(gamma.data + j) * load<f32>(rstd + j));
  }
  const share = newColumnShare(rows, channels, x.data, mean);
  share.y = out.data;
  share.scale = scale;
  share.shift = beta.data;
  share.relu = activation == RELU_ACTIVATION;
  scaleColumns(share);
  if (records(x) || records(gamma) || records(beta)) {
    const node = record<BatchNormNode>(out, batchNormBackward.index);
    node.x = x;
    node.gamma = gamma;
    node.beta = beta;
    node.mean = mean;
    node.rstd = rstd;
    node.scale = scale;
    node.fromBatch = fromBatch;
    node.relu = activation == RELU_ACTIVATION;
  }
  return out;
}

function reciprocalRoot(variance: f64, eps: f32): f32 {
  return <f32>(1 / sqrt<f64>(variance + <f64>eps));
}

function batchStatistics(
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  rstd: usize,
  runningMean: usize,
  runningVar: usize,
  momentum: f32,
  eps: f32,
): void {
  const mark = pushMark<Mark>();
  const sums = allocArena(sumBytes(channels));
  const share = newColumnShare(rows, channels, x, mean);
  share.sums = sums;
  share.squared = false;
  memory.fill(mean, 0, dataBytes(F32, channels));
  columnSums(share);
  for (let j = 0; j < channels; j++) {
    const at = (<usize>j) << 2;
    const value = <f32>(load<f64>(sums + (at << 1)) / <f64>rows);
    store<f32>(mean + at, value);
    blend(runningMean + at, value, momentum);
  }
  share.squared = true;
  columnSums(share);
  for (let j = 0; j < channels; j++) {
    const at = (<usize>j) << 2;
    const sum = load<f64>(sums + (at << 1));
    store<f32>(rstd + at, reciprocalRoot(sum / <f64>rows, eps));
    blend(runningVar + at, <f32>(sum / <f64>(rows - 1)), momentum);
  }
  rewind(mark);
}

function blend(running: usize, value: f32, momentum: f32): void {
  if (isReplay()) return;
  store<f32>(running, load<f32>(running) * (1 - momentum) + value * momentum);
}

/**
 * With dy where the relu let it through: dbeta = sum dy, dgamma = sum dy xhat; dx = scale (dy - dbeta / rows - xhat
 * dgamma / rows), the last two terms only where the statistics came from the batch.
 */
function batchNormBackward(node: BatchNormNode): void {
  const x = node.x;
  const gamma = node.gamma;
  const beta = node.beta;
  const channels = gamma.size;
  const rows = x.span(0, x.rank - 1);
  const addX = hasGrad(x);
  const dx = x.requiresGrad ? gradBuffer(x) : 0;
  const dgamma = gamma.requiresGrad ? gradSum(gamma) : 0;
  const dbeta = beta.requiresGrad ? gradSum(beta) : 0;
  const mark = pushMark<Mark>();
  const sumGrad = allocArena(sumBytes(channels));
  const sumProduct = allocArena(sumBytes(channels));
  const slope = allocArena(dataBytes(x.dtype, channels));
  const offset = allocArena(dataBytes(x.dtype, channels));
  const share = newColumnShare(rows, channels, x.data, node.mean);
  share.y = node.out.data;
  share.dy = node.out.grad;
  share.relu = node.relu;
  share.sums = sumGrad;
  share.products = sumProduct;
  gradientSums(share);
  for (let j = 0; j < channels; j++) {
    const at = (<usize>j) << 2;
    const grads = load<f64>(sumGrad + (at << 1));
    const rstd = <f64>load<f32>(node.rstd + at);
    const products = load<f64>(sumProduct + (at << 1)) * rstd;
    if (dbeta != 0) store<f32>(dbeta + at, load<f32>(dbeta + at) + <f32>grads);
    if (dgamma != 0) store<f32>(dgamma + at, load<f32>(dgamma + at) + <f32>products);
    const factor = node.fromBatch ? <f64>load<f32>(node.scale + at) / <f64>rows : 0;
    store<f32>(slope + at, <f32>(-factor * rstd * products));
    store<f32>(offset + at, <f32>(-factor * grads));
  }
  if (dx != 0) {
    share.dx = dx;
    share.scale = node.scale;
    share.slope = slope;
    share.shift = offset;
    share.accumulate = addX;
    scaleColumnsGrad(share);
  }
  rewind(mark);
}

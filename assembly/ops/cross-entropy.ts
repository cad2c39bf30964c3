import { gradBuffer, hasGrad } from "../gradient";
import { maxRow, sumOf } from "../kernels/reduce";
import { rowMap, rowScale } from "../kernels/rows";
import { rowExp } from "../kernels/softmax";
import { mul, read, sub } from "../lanes";
import { Log } from "../math";
import { allocArena } from "../memory";
import { indexAt } from "../rows";
import { Node, record, records } from "../tape";
import { allocData, dataBytes, newRecord, newScalar, Tensor } from "../tensor";

/** Values of `reduction`. */
const NONE: i32 = 0;
const MEAN: i32 = 1;

@unmanaged
class CrossEntropyNode extends Node {
  logits: Tensor;
  labels: Tensor;
  /** f32 per class. */
  classWeights: usize;
  sampleWeights: Tensor | null;
  smoothing: f64;
  /** Sum of the class weights. */
  classTotal: f64;
  /** What the sum of losses was divided by. */
  divisor: f64;
  /** softmax(logits), of their shape. */
  p: usize;
}

/** w (x - greatest) */
@unmanaged
class WeightedDeviation {
  term<T>(x: usize, w: usize, _c: usize, greatest: T): T {
    return mul<T>(read<T>(w), sub<T>(read<T>(x), greatest));
  }
}

/** softmax p - smoothed target q w */
@unmanaged
class CrossEntropyGradient {
  term<T>(a: T, b: T, p: T, q: T, _r: T): T {
    return sub<T>(mul<T>(a, p), mul<T>(b, q));
  }
}

/**
 * Cross entropy of softmax(logits[n, C]) and labels i32 [n], through log-softmax, added up in f64.
 *
 * With class weights w, smoothing s and sample weights v (all 1 where null):
 * loss_i = v_i ((1 - s) w_y (-log p_y) + (s / C) sum over c of w_c (-log p_c)), the form that PyTorch uses.
 * reduction 0: [n]; 1: sum of loss_i / sum of v_i w_y (0 where that is 0); 2: sum of loss_i. Weights get no gradient.
 */
export function crossEntropy(
  logits: Tensor,
  labels: Tensor,
  classWeights: Tensor | null,
  sampleWeights: Tensor | null,
  smoothing: f64,
  reduction: i32,
): Tensor {
  const n = logits.dim0;
  const classes = logits.dim1;
  let out: Tensor;
  if (reduction == NONE) {
    out = newRecord(logits.dtype, 1);
    out.dim0 = n;
    allocData(out);
  } else out = newScalar();
  const p = allocArena(dataBytes(logits.dtype, logits.size));
  const weights = classWeights === null ? ones(classes) : classWeights.data;
  let classTotal: f64 = 0;
  for (let c = 0; c < classes; c++) classTotal += <f64>at(weights, c);
  let total: f64 = 0;
  let totalWeight: f64 = 0;
  for (let i = 0; i < n; i++) {
    const offset = (<usize>(i * classes)) << 2;
    const x = logits.data + offset;
    const greatest = maxRow(x, classes);
    const sum = rowExp(p + offset, x, greatest, classes);
    rowScale(p + offset, p + offset, 1 / sum, classes, false);
    const logSum = <f64>Log.of<f32>(sum);
    const label = indexAt(labels, i);
    const weight = <f64>at(weights, label);
    let loss = (1 - smoothing) * weight * (logSum - (<f64>at(x, label) - <f64>greatest));
    if (smoothing != 0) {
      const deviations = <f64>sumOf<WeightedDeviation>(x, weights, x, greatest, classes);
      loss += (smoothing / <f64>classes) * (classTotal * logSum - deviations);
    }
    const own = sampleWeights === null ? 1 : <f64>at(sampleWeights.data, i);
    if (reduction == NONE) store<f32>(out.data + ((<usize>i) << 2), <f32>(own * loss));
    total += own * loss;
    totalWeight += own * weight;
  }
  let divisor: f64 = 1;
  if (reduction != NONE) {
    if (reduction == MEAN) divisor = totalWeight;
    store<f32>(out.data, divisor == 0 ? 0 : <f32>(total / divisor));
  }
  if (records(logits)) {
    const node = record<CrossEntropyNode>(out, crossEntropyBackward.index);
    node.logits = logits;
    node.labels = labels;
    node.classWeights = weights;
    node.sampleWeights = sampleWeights;
    node.smoothing = smoothing;
    node.classTotal = classTotal;
    node.divisor = divisor;
    node.p = p;
  }
  return out;
}

function at(x: usize, i: i32): f32 {
  return load<f32>(x + ((<usize>i) << 2));
}

function ones(n: i32): usize {
  const pointer = allocArena((<usize>n) << 2);
  for (let i: usize = 0, end = (<usize>n) << 2; i < end; i += 4) store<f32>(pointer + i, 1);
  return pointer;
}

/** dlogits_j = g (p_j ((1 - s) w_y + (s / C) sum w) - (s / C) w_j - [j = y] (1 - s) w_y), g = dout v_i / divisor. */
function crossEntropyBackward(node: CrossEntropyNode): void {
  const logits = node.logits;
  const out = node.out;
  const sampleWeights = node.sampleWeights;
  const classes = logits.dim1;
  const add = hasGrad(logits);
  const dlogits = gradBuffer(logits);
  const spread = node.smoothing / <f64>classes;
  for (let i = 0; i < logits.dim0; i++) {
    const offset = (<usize>(i * classes)) << 2;
    const label = indexAt(node.labels, i);
    const own = sampleWeights === null ? 1 : <f64>at(sampleWeights.data, i);
    const dout = <f64>at(out.grad, out.rank == 0 ? 0 : i);
    const g = node.divisor == 0 ? 0 : (dout * own) / node.divisor;
    const peak = g * (1 - node.smoothing) * <f64>at(node.classWeights, label);
    const all = <f32>(peak + g * spread * node.classTotal);
    const p = node.p + offset;
    const dx = dlogits + offset;
    if (spread == 0) rowScale(dx, p, all, classes, add);
    else {
      const each = <f32>(g * spread);
      rowMap<CrossEntropyGradient>(dx, p, node.classWeights, all, each, 0, classes, add);
    }
    const dy = dx + ((<usize>label) << 2);
    store<f32>(dy, load<f32>(dy) - <f32>peak);
  }
}

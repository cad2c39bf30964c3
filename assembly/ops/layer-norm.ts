import { gradBuffer, gradSum, hasGrad } from "../gradient";
import { dotRow, sumRow, sumSquaresRow } from "../kernels/reduce";
import { rowAdd, rowMap, rowMultiply } from "../kernels/rows";
import { mul, sub } from "../lanes";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { Node, record, records } from "../tape";
import { dataBytes, newLike, Tensor } from "../tensor";

@unmanaged
class LayerNormNode extends Node {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
  /** Per row: mean and 1 / standard deviation. */
  moments: usize;
}

/** (x - mean) rstd */
@unmanaged
class Standardized {
  term<T>(a: T, _b: T, p: T, q: T, _r: T): T {
    return mul<T>(sub<T>(a, p), q);
  }
}

/** rstd ((g - mean of g) - xhat mean of g xhat) */
@unmanaged
class LayerNormGradient {
  term<T>(a: T, b: T, p: T, q: T, r: T): T {
    return mul<T>(sub<T>(sub<T>(a, p), mul<T>(b, q)), r);
  }
}

/**
 * out = xhat gamma + beta over the last axis, xhat = (x - mean) / sqrt(var + eps), var biased, in two passes.
 *
 * With g = dout gamma: dx = (g - mean(g) - xhat mean(g xhat)) / sqrt(var + eps); dgamma and dbeta add over the rows in
 * ascending order.
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: f32): Tensor {
  const out = newLike(x);
  const n = gamma.size;
  const rows = x.span(0, x.rank - 1);
  const moments = allocArena((<usize>rows) << 3);
  for (let i = 0; i < rows; i++) {
    const at = (<usize>(i * n)) << 2;
    const row = x.data + at;
    const y = out.data + at;
    const mean = sumRow(row, n) / <f32>n;
    const variance = sumSquaresRow(row, mean, n) / <f32>n;
    const rstd: f32 = <f32>1 / sqrt<f32>(variance + eps);
    store<f32>(moments + ((<usize>i) << 3), mean);
    store<f32>(moments + ((<usize>i) << 3), rstd, 4);
    rowMap<Standardized>(y, row, row, mean, rstd, 0, n, false);
    rowMultiply(y, y, gamma.data, n, false);
    rowAdd(y, beta.data, n);
  }
  if (records(x) || records(gamma) || records(beta)) {
    const node = record<LayerNormNode>(out, layerNormBackward.index);
    node.x = x;
    node.gamma = gamma;
    node.beta = beta;
    node.moments = moments;
  }
  return out;
}

function layerNormBackward(node: LayerNormNode): void {
  const x = node.x;
  const gamma = node.gamma;
  const beta = node.beta;
  const n = gamma.size;
  const rows = x.span(0, x.rank - 1);
  const add = hasGrad(x);
  const dx = x.requiresGrad ? gradBuffer(x) : 0;
  const dgamma = gamma.requiresGrad ? gradSum(gamma) : 0;
  const dbeta = beta.requiresGrad ? gradSum(beta) : 0;
  const mark = pushMark<Mark>();
  const g = allocArena(dataBytes(x.dtype, n));
  const xhat = allocArena(dataBytes(x.dtype, n));
  for (let i = 0; i < rows; i++) {
    const at = (<usize>(i * n)) << 2;
    const row = x.data + at;
    const dy = node.out.grad + at;
    const mean = load<f32>(node.moments + ((<usize>i) << 3));
    const rstd = load<f32>(node.moments + ((<usize>i) << 3), 4);
    rowMap<Standardized>(xhat, row, row, mean, rstd, 0, n, false);
    if (dx != 0) {
      rowMultiply(g, dy, gamma.data, n, false);
      const meanG = sumRow(g, n) / <f32>n;
      const meanProduct = dotRow(g, xhat, n) / <f32>n;
      rowMap<LayerNormGradient>(dx + at, g, xhat, meanG, meanProduct, rstd, n, add);
    }
    if (dgamma != 0) rowMultiply(dgamma, dy, xhat, n, true);
    if (dbeta != 0) rowAdd(dbeta, dy, n);
  }
  rewind(mark);
}

import { F32 } from "../../src/engine/abi";
import { gradBuffer, gradSum, hasGrad } from "../gradient";
import { forColumnGroups, GroupShare } from "../kernels/column-groups";
import { dotRow, sumRow, sumSquaresRow } from "../kernels/reduce";
import { rowAdd, rowMap, rowMultiply } from "../kernels/rows";
import { add, mul, read, splat, sub, write } from "../lanes";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { threadCount } from "../parallel";
import { newShare, runShared } from "../share";
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
  const share = newShare<LayerNormShare>();
  share.n = n;
  share.x = x.data;
  share.gamma = gamma.data;
  share.beta = beta.data;
  share.y = out.data;
  share.moments = moments;
  share.eps = eps;
  runShared<Forward, LayerNormShare>(share, rows, x.size);
  if (records(x) || records(gamma) || records(beta)) {
    const node = record<LayerNormNode>(out, layerNormBackward.index);
    node.x = x;
    node.gamma = gamma;
    node.beta = beta;
    node.moments = moments;
  }
  return out;
}

/** The rows at work, as all threads read them. */
@unmanaged
class LayerNormShare extends GroupShare {
  x: usize;
  gamma: usize;
  beta: usize;
  y: usize;
  moments: usize;
  eps: f32;
  dy: usize;
  dx: usize;
  dgamma: usize;
  dbeta: usize;
  /** Two rows per thread. */
  scratch: usize;
  sum: bool;
}

@unmanaged
class Forward {
  run(share: LayerNormShare, first: i32, end: i32, _thread: i32): void {
    const n = share.n;
    for (let i = first; i < end; i++) {
      const at = (<usize>(i * n)) << 2;
      const row = share.x + at;
      const y = share.y + at;
      const mean = sumRow(row, n) / <f32>n;
      const variance = sumSquaresRow(row, mean, n) / <f32>n;
      const rstd: f32 = <f32>1 / sqrt<f32>(variance + share.eps);
      store<f32>(share.moments + ((<usize>i) << 3), mean);
      store<f32>(share.moments + ((<usize>i) << 3), rstd, 4);
      rowMap<Standardized>(y, row, row, mean, rstd, 0, n, false);
      rowMultiply(y, y, share.gamma, n, false);
      rowAdd(y, share.beta, n);
    }
  }
}

/** dx row by row; then dgamma and dbeta column by column, since they add over the rows. */
function layerNormBackward(node: LayerNormNode): void {
  const x = node.x;
  const gamma = node.gamma;
  const beta = node.beta;
  const n = gamma.size;
  const rows = x.span(0, x.rank - 1);
  const sum = hasGrad(x);
  const dx = x.requiresGrad ? gradBuffer(x) : 0;
  const dgamma = gamma.requiresGrad ? gradSum(gamma) : 0;
  const dbeta = beta.requiresGrad ? gradSum(beta) : 0;
  const mark = pushMark<Mark>();
  const scratch = allocArena(2 * dataBytes(x.dtype, n) * threadCount());
  const share = newShare<LayerNormShare>();
  share.rows = rows;
  share.n = n;
  share.x = x.data;
  share.gamma = gamma.data;
  share.moments = node.moments;
  share.dy = node.out.grad;
  share.dx = dx;
  share.scratch = scratch;
  share.sum = sum;
  if (dx != 0) runShared<RowGradients, LayerNormShare>(share, rows, x.size);
  // What nobody asks for goes to the scratch.
  share.dgamma = dgamma != 0 ? dgamma : scratch;
  share.dbeta = dbeta != 0 ? dbeta : scratch;
  if (dgamma != 0 || dbeta != 0) forColumnGroups<ParameterGradients, LayerNormShare>(share);
  rewind(mark);
}

@unmanaged
class RowGradients {
  run(share: LayerNormShare, first: i32, end: i32, thread: i32): void {
    const n = share.n;
    const xhat = share.scratch + 2 * dataBytes(F32, n) * thread;
    const g = xhat + dataBytes(F32, n);
    for (let i = first; i < end; i++) {
      const at = (<usize>(i * n)) << 2;
      const row = share.x + at;
      const mean = load<f32>(share.moments + ((<usize>i) << 3));
      const rstd = load<f32>(share.moments + ((<usize>i) << 3), 4);
      rowMap<Standardized>(xhat, row, row, mean, rstd, 0, n, false);
      rowMultiply(g, share.dy + at, share.gamma, n, false);
      const meanG = sumRow(g, n) / <f32>n;
      const meanProduct = dotRow(g, xhat, n) / <f32>n;
      rowMap<LayerNormGradient>(share.dx + at, g, xhat, meanG, meanProduct, rstd, n, share.sum);
    }
  }
}

/** dgamma[j] += sum over the rows of dy xhat, dbeta[j] of dy. */
@unmanaged
class ParameterGradients {
  columns<T>(s: LayerNormShare, row: i32, count: i32, j: i32): void {
    const dgamma = s.dgamma + ((<usize>j) << 2);
    const dbeta = s.dbeta + ((<usize>j) << 2);
    const step = (<usize>s.n) << 2;
    let x = s.x + ((<usize>(row * s.n + j)) << 2);
    const dy = s.dy - s.x;
    let moments = s.moments + ((<usize>row) << 3);
    let ofGamma = read<T>(dgamma);
    let ofBeta = read<T>(dbeta);
    for (; count > 0; count--, x += step, moments += 8) {
      const d = read<T>(x + dy);
      const centred = sub<T>(read<T>(x), splat<T>(load<f32>(moments)));
      const xhat = mul<T>(centred, splat<T>(load<f32>(moments, 4)));
      ofGamma = add<T>(ofGamma, mul<T>(d, xhat));
      ofBeta = add<T>(ofBeta, d);
    }
    write<T>(dgamma, ofGamma);
    write<T>(dbeta, ofBeta);
  }
}

import { DataError } from "../engine/errors.ts";

/** Strengths tried, relative to the mean square of the features. */
const STRENGTHS = [1e-4, 1e-3, 1e-2, 1e-1, 1];

/** Features of some samples with their classes. */
export interface LabelledFeatures {
  /** [samples, dim]; rows with NaN (a missing modality) are left out. */
  readonly features: Float32Array;
  readonly labels: ArrayLike<number>;
}

/**
 * A linear probe: ridge regression from frozen features to one-hot classes. It says what an encoder knows, whatever the
 * head makes of it; a joint head with the other modalities zeroed says less.
 *
 * The strength of the ridge is the one that classifies the validation rows best. Float64, no random numbers.
 *
 * @returns scores [samples, classes] of given features; rows with NaN stay NaN
 * @throws {DataError} if no training row has features
 */
export function fitProbe(
  train: LabelledFeatures,
  validation: LabelledFeatures,
  dim: number,
  classes: number,
): (features: Float32Array) => Float32Array {
  const rows = finiteRows(train.features, dim);
  if (rows.length === 0) {
    throw new DataError("probe: Cannot fit: expected at least one sample with features, got none");
  }
  const { gram, targets } = normalEquations(train, rows, dim, classes);
  const trace = Array.from({ length: dim }, (_, i) => gram[i * (dim + 1) + i] as number);
  const scale = trace.reduce((sum, value) => sum + value, 0) / dim;
  let best: { weights: Float64Array; hits: number } | undefined;
  for (const strength of STRENGTHS) {
    const weights = solveRidge(gram, targets, dim + 1, classes, strength * scale);
    const scores = applyProbe(validation.features, weights, dim, classes);
    const hits = countHits(scores, validation.labels, classes);
    if (best === undefined || hits > best.hits) best = { weights, hits };
  }
  const { weights } = best as NonNullable<typeof best>;
  return (features) => applyProbe(features, weights, dim, classes);
}

function finiteRows(features: Float32Array, dim: number): number[] {
  const rows = Array.from({ length: features.length / dim }, (_, i) => i);
  return rows.filter((row) => !Number.isNaN(features[row * dim]));
}

/** X'X and X'Y of the features with a constant 1 behind them and one-hot targets. */
function normalEquations(
  { features, labels }: LabelledFeatures,
  rows: readonly number[],
  dim: number,
  classes: number,
) {
  const n = dim + 1;
  const gram = new Float64Array(n * n);
  const targets = new Float64Array(n * classes);
  const x = new Float64Array(n).fill(1);
  for (const row of rows) {
    x.set(features.subarray(row * dim, (row + 1) * dim));
    const label = labels[row] as number;
    for (let i = 0; i < n; i++) {
      const xi = x[i] as number;
      for (let j = 0; j <= i; j++)
        gram[i * n + j] = (gram[i * n + j] as number) + xi * (x[j] as number);
      targets[i * classes + label] = (targets[i * classes + label] as number) + xi;
    }
  }
  return { gram, targets };
}

/** Solves (G + ridge I) W = T by Cholesky; G is given by its lower triangle; the constant is not penalised. */
function solveRidge(
  gram: Float64Array,
  targets: Float64Array,
  n: number,
  classes: number,
  ridge: number,
): Float64Array {
  const l = gram.slice();
  for (let i = 0; i < n - 1; i++) l[i * n + i] = (l[i * n + i] as number) + ridge;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let value = l[i * n + j] as number;
      for (let k = 0; k < j; k++) value -= (l[i * n + k] as number) * (l[j * n + k] as number);
      l[i * n + j] = i === j ? Math.sqrt(Math.max(value, 1e-12)) : value / (l[j * n + j] as number);
    }
  }
  const w = targets.slice();
  for (let c = 0; c < classes; c++) {
    for (let i = 0; i < n; i++) {
      let value = w[i * classes + c] as number;
      for (let k = 0; k < i; k++)
        value -= (l[i * n + k] as number) * (w[k * classes + c] as number);
      w[i * classes + c] = value / (l[i * n + i] as number);
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = w[i * classes + c] as number;
      for (let k = i + 1; k < n; k++) {
        value -= (l[k * n + i] as number) * (w[k * classes + c] as number);
      }
      w[i * classes + c] = value / (l[i * n + i] as number);
    }
  }
  return w;
}

function applyProbe(
  features: Float32Array,
  weights: Float64Array,
  dim: number,
  classes: number,
): Float32Array {
  const size = features.length / dim;
  const scores = new Float32Array(size * classes);
  for (let row = 0; row < size; row++) {
    for (let c = 0; c < classes; c++) {
      let score = weights[dim * classes + c] as number;
      for (let i = 0; i < dim; i++) {
        score += (features[row * dim + i] as number) * (weights[i * classes + c] as number);
      }
      scores[row * classes + c] = score;
    }
  }
  return scores;
}

function countHits(scores: Float32Array, labels: ArrayLike<number>, classes: number): number {
  let hits = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const own = scores[row * classes + label] as number;
    let best = !Number.isNaN(own);
    for (let c = 0; c < classes; c++) {
      if (c !== label && !((scores[row * classes + c] as number) < own)) best = false;
    }
    if (best) hits++;
  }
  return hits;
}

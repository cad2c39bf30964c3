/** Enough for pictures: the plane's axes then turn by less than a pixel per step. */
const STEPS = 200;

/**
 * Rows projected on the plane in which they spread most (PCA), centred.
 *
 * Power iteration on the covariance from a fixed start, then again with the first axis removed; no random numbers.
 *
 * @param rows - row-major [samples, dim], finite
 * @returns row-major [samples, 2]
 */
export function principalPlane(rows: Float64Array, dim: number): Float64Array {
  const count = rows.length / dim;
  const mean = new Float64Array(dim);
  rows.forEach((x, i) => {
    mean[i % dim] = (mean[i % dim] as number) + x / count;
  });
  const centred = rows.map((x, i) => x - (mean[i % dim] as number));
  const first = mainAxis(centred, dim, null);
  const second = mainAxis(centred, dim, first);
  const out = new Float64Array(count * 2);
  for (let row = 0; row < count; row++) {
    const values = centred.subarray(row * dim, (row + 1) * dim);
    out[row * 2] = dot(values, first);
    out[row * 2 + 1] = dot(values, second);
  }
  return out;
}

/** The direction of largest spread, orthogonal to `without`. */
function mainAxis(centred: Float64Array, dim: number, without: Float64Array | null): Float64Array {
  let axis = new Float64Array(dim).map((_, i) => 1 + i / dim);
  for (let step = 0; step < STEPS; step++) {
    const next = new Float64Array(dim);
    for (let start = 0; start < centred.length; start += dim) {
      const row = centred.subarray(start, start + dim);
      const along = dot(row, axis);
      for (let i = 0; i < dim; i++) next[i] = (next[i] as number) + along * (row[i] as number);
    }
    if (without !== null) {
      const along = dot(next, without);
      for (let i = 0; i < dim; i++) {
        next[i] = (next[i] as number) - along * (without[i] as number);
      }
    }
    const length = Math.sqrt(dot(next, next));
    // No spread is left: every direction serves, and all rows project on 0.
    if (length === 0) return axis.fill(0);
    axis = next.map((x) => x / length);
  }
  return axis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

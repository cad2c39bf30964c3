import { ShapeError } from "../engine/errors.ts";

/**
 * Distance between the centres of two modalities in feature space: `| mean(a / |a|) - mean(b / |b|) |`.
 *
 * Rows that are missing (NaN) or zero have no direction and are left out. Source: Liang et al., "Mind the gap",
 * NeurIPS 2022.
 *
 * @param a - row-major [samples, dim]
 * @param b - row-major [any number of samples, dim]
 * @returns a number in [0, 2]; null if one of them has no row with a direction
 * @throws {ShapeError} if the lengths are no multiples of `dim`
 */
export function modalityGap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  dim: number,
): number | null {
  const [from, to] = [meanDirection(a, dim), meanDirection(b, dim)];
  if (from === null || to === null) return null;
  return Math.sqrt(from.reduce((sum, x, i) => sum + (x - (to[i] ?? 0)) * (x - (to[i] ?? 0)), 0));
}

/** The rows scaled to length 1, without those that have none: row-major [rows, dim]. */
export function unitRows(values: ArrayLike<number>, dim: number): Float64Array {
  if (values.length % dim !== 0) {
    throw new ShapeError(
      `modality gap: Cannot read features: expected a multiple of ${dim} values, got ${values.length}`,
    );
  }
  const out = new Float64Array(values.length);
  let rows = 0;
  for (let start = 0; start < values.length; start += dim) {
    let square = 0;
    for (let i = 0; i < dim; i++) square += (values[start + i] as number) ** 2;
    if (!(square > 0)) continue;
    const length = Math.sqrt(square);
    for (let i = 0; i < dim; i++) out[rows * dim + i] = (values[start + i] as number) / length;
    rows++;
  }
  return out.slice(0, rows * dim);
}

function meanDirection(values: ArrayLike<number>, dim: number): Float64Array | null {
  const rows = unitRows(values, dim);
  if (rows.length === 0) return null;
  const mean = new Float64Array(dim);
  rows.forEach((x, i) => {
    mean[i % dim] = (mean[i % dim] as number) + x;
  });
  return mean.map((sum) => (sum * dim) / rows.length);
}

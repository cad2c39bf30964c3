/** Log-softmax, entropy and weighted sums of one row of logits, in float64 with the library's own exp and log. */
import { exp, log } from "../engine/math.ts";

/** log softmax(z / temperature) into `out`, which may be `z`. */
export function logSoftmax(z: Float64Array, out: Float64Array, temperature = 1): Float64Array {
  let top = Number.NEGATIVE_INFINITY;
  for (const value of z) top = Math.max(top, value / temperature);
  let sum = 0;
  z.forEach((value, c) => {
    const shifted = value / temperature - top;
    out[c] = shifted;
    sum += exp(shifted);
  });
  const logSum = log(sum);
  for (let c = 0; c < out.length; c++) out[c] = (out[c] as number) - logSum;
  return out;
}

/** Shannon entropy in nats of softmax(z / temperature), in [0, log C]. */
export function entropyOf(z: Float64Array, temperature = 1): number {
  const logs = logSoftmax(z, new Float64Array(z.length), temperature);
  let entropy = 0;
  for (const value of logs) entropy -= exp(value) * value;
  return entropy;
}

/** out = sum_j weights[j] rows[j]. */
export function weightedSum(
  rows: readonly Float64Array[],
  weights: readonly number[],
  out: Float64Array,
): void {
  out.fill(0);
  rows.forEach((row, j) => {
    const weight = weights[j] as number;
    for (let c = 0; c < out.length; c++) out[c] = (out[c] as number) + weight * (row[c] as number);
  });
}

/** The values divided by their sum. */
export function normalise(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

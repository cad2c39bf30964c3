import { exp, log } from "../engine/math.ts";

/**
 * Log-softmax of each row in float64: `z_c - log sum_k exp(z_k)`, shifted by the row's maximum so that nothing overflows.
 *
 * @param logits - row-major [samples, classes], finite
 * @returns row-major [samples, classes] natural logarithms of probabilities, each <= 0
 */
export function logProbabilities(logits: ArrayLike<number>, classes: number): Float64Array {
  const out = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[start + c] as number);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += exp((logits[start + c] as number) - top);
    const norm = log(sum);
    for (let c = 0; c < classes; c++) out[start + c] = (logits[start + c] as number) - top - norm;
  }
  return out;
}

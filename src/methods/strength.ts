/** How well each modality does on a batch, in float64. */
import { exp, log } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";

/** log softmax(z)_y of each row: logits [n, C], labels i32 [n]. */
export function logLikelihoods(logits: Tensor, labels: Tensor): Float64Array {
  const [n = 0, classes = 0] = logits.shape;
  const z = logits.view();
  const y = labels.view();
  return Float64Array.from({ length: n }, (_, i) => {
    const row = z.subarray(i * classes, (i + 1) * classes);
    let top = Number.NEGATIVE_INFINITY;
    for (const value of row) top = Math.max(top, value);
    let sum = 0;
    for (const value of row) sum += exp(value - top);
    return (row[y[i] as number] as number) - top - log(sum);
  });
}

/** Mean probability of the true class: logits [n, C], labels i32 [n]. */
export function trueClassScore(logits: Tensor, labels: Tensor): number {
  const logs = logLikelihoods(logits, labels);
  return logs.reduce((sum, value) => sum + exp(value), 0) / logs.length;
}

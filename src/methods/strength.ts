/** How well each modality does on a batch, in float64. */
import { exp, log } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";

/** log softmax(z)_y of one row of logits. */
export function logLikelihood(z: ArrayLike<number>, label: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < z.length; c++) top = Math.max(top, z[c] as number);
  let sum = 0;
  for (let c = 0; c < z.length; c++) sum += exp((z[c] as number) - top);
  return (z[label] as number) - top - log(sum);
}

/** log softmax(z)_y of each row: logits [n, C], labels i32 [n]. */
export function logLikelihoods(logits: Tensor, labels: Tensor): Float64Array {
  const [n = 0, classes = 0] = logits.shape;
  const z = logits.view();
  const y = labels.view();
  return Float64Array.from({ length: n }, (_, i) =>
    logLikelihood(z.subarray(i * classes, (i + 1) * classes), y[i] as number),
  );
}

/** softmax(z)_y of each row: logits [n, C], labels i32 [n]. */
export function likelihoods(logits: Tensor, labels: Tensor): Float64Array {
  return logLikelihoods(logits, labels).map(exp);
}

/** Mean probability of the true class: logits [n, C], labels i32 [n]. */
export function trueClassScore(logits: Tensor, labels: Tensor): number {
  const all = likelihoods(logits, labels);
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/**
 * Average precision of one class against the rest: the sum over thresholds of (recall gained) x (precision there).
 *
 * Samples with equal scores share one threshold, so their order cannot change the result. No interpolation.
 *
 * @param scores - [samples], higher means more likely positive
 * @param positive - [samples], truthy for positives
 * @returns a value in (0, 1], or null without a positive sample
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): number | null {
  const order = Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let hits = 0;
  let area = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] as number];
    const before = hits;
    let end = start;
    for (; end < order.length && scores[order[end] as number] === score; end++) {
      if (positive[order[end] as number]) hits++;
    }
    area += ((hits - before) * hits) / end;
    start = end;
  }
  return hits === 0 ? null : area / hits;
}

/**
 * Mean average precision, one class against the rest, over the classes that have a sample.
 *
 * @param scores - row-major [samples, classes], comparable between samples (probabilities or their logarithms)
 * @param labels - [samples] class indices
 */
export function meanAveragePrecision(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  let sum = 0;
  let count = 0;
  for (let c = 0; c < classes; c++) {
    const column = Float64Array.from(
      { length: labels.length },
      (_, i) => scores[i * classes + c] as number,
    );
    const value = averagePrecision(
      column,
      Uint8Array.from({ length: labels.length }, (_, i) => (labels[i] === c ? 1 : 0)),
    );
    if (value !== null) {
      sum += value;
      count++;
    }
  }
  return sum / count;
}

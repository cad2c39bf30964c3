/**
 * The class with the highest score of each row; of equal scores the lowest class index wins.
 *
 * @param scores - row-major [samples, classes]
 * @returns [samples] class indices
 */
export function predictClasses(scores: ArrayLike<number>, classes: number): Int32Array {
  const out = new Int32Array(scores.length / classes);
  for (let i = 0; i < out.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((scores[i * classes + c] as number) > (scores[i * classes + best] as number)) best = c;
    }
    out[i] = best;
  }
  return out;
}

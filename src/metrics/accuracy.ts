/** 1 where the prediction is right, else 0, sample by sample: what a paired test compares. */
export function correctness(predicted: ArrayLike<number>, labels: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(labels.length);
  for (let i = 0; i < out.length; i++) out[i] = predicted[i] === labels[i] ? 1 : 0;
  return out;
}

/** Share of samples whose predicted class is the label, in [0, 1]. */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (const hit of correctness(predicted, labels)) right += hit;
  return right / labels.length;
}

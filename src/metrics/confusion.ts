/** `counts[truth][said]`: how many samples of class `truth` were predicted as `said`. */
export type ConfusionCounts = number[][];

/**
 * Positions of the samples behind every cell: `cells[truth][said]` lists sample indices in their given order.
 *
 * @param predicted - [samples] class indices
 * @param labels - [samples] class indices
 */
export function confusionCells(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number[][][] {
  const cells = Array.from({ length: classes }, () =>
    Array.from({ length: classes }, (): number[] => []),
  );
  for (let i = 0; i < labels.length; i++) {
    cells[labels[i] as number]?.[predicted[i] as number]?.push(i);
  }
  return cells;
}

/** The confusion matrix as counts; rows are the truth, columns what the model said. */
export function confusionCounts(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ConfusionCounts {
  return confusionCells(predicted, labels, classes).map((row) => row.map((cell) => cell.length));
}

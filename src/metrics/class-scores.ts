import type { ConfusionCounts } from "./confusion.ts";

/** Scores of one class against the rest. A ratio whose denominator is 0 counts as 0. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples whose label is this class. */
  readonly support: number;
  /** Samples predicted as this class. */
  readonly predicted: number;
}

/** Precision, recall and F1 of every class from a confusion matrix (rows: truth, columns: prediction). */
export function classScores(confusion: ConfusionCounts): ClassScores[] {
  return confusion.map((row, c) => {
    const hits = row[c] as number;
    const support = row.reduce((sum, n) => sum + n, 0);
    const predicted = confusion.reduce((sum, other) => sum + (other[c] as number), 0);
    return {
      precision: predicted === 0 ? 0 : hits / predicted,
      recall: support === 0 ? 0 : hits / support,
      f1: support + predicted === 0 ? 0 : (2 * hits) / (support + predicted),
      support,
      predicted,
    };
  });
}

/**
 * Macro-F1: the plain mean of F1 over the classes that occur in the labels or in the predictions.
 *
 * A class that occurs in neither has no F1 and is left out (scikit-learn's rule); one that occurs in only one of
 * them counts as 0.
 */
export function macroF1(scores: readonly ClassScores[]): number {
  const seen = scores.filter((score) => score.support + score.predicted > 0);
  return seen.reduce((sum, score) => sum + score.f1, 0) / seen.length;
}

export { accuracy, correctness } from "./accuracy.ts";
export { averagePrecision, meanAveragePrecision } from "./average-precision.ts";
export {
  CALIBRATION_BINS,
  expectedCalibrationError,
  negativeLogLikelihood,
} from "./calibration.ts";
export { type ClassScores, classScores, macroF1 } from "./class-scores.ts";
export { type ConfusionCounts, confusionCells, confusionCounts } from "./confusion.ts";
export { holm } from "./holm.ts";
export { logProbabilities } from "./log-probabilities.ts";
export { type PatternScore, patternScores } from "./missing-patterns.ts";
export { modalityGap, unitRows } from "./modality-gap.ts";
export { type PairedOutcomes, type PairedTest, pairedBootstrap } from "./paired-bootstrap.ts";
export { predictClasses } from "./predict-classes.ts";
export { principalPlane } from "./principal-plane.ts";
export { rankCorrelation } from "./rank-correlation.ts";
export {
  evaluateLogits,
  evaluateQuickly,
  type LabelledLogits,
  type QuickScores,
  type Scores,
} from "./scores.ts";
export { shapleyValues } from "./shapley.ts";
export { type Spread, spreadOf } from "./spread.ts";
export { studentQuantile } from "./student-quantile.ts";

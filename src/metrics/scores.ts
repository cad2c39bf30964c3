import { DataError, OptionError, ShapeError } from "../engine/errors.ts";
import { accuracy } from "./accuracy.ts";
import { meanAveragePrecision } from "./average-precision.ts";
import { expectedCalibrationError, negativeLogLikelihood } from "./calibration.ts";
import { type ClassScores, classScores, macroF1 } from "./class-scores.ts";
import { type ConfusionCounts, confusionCounts } from "./confusion.ts";
import { logProbabilities } from "./log-probabilities.ts";
import { predictClasses } from "./predict-classes.ts";

/** The three scores that are followed from epoch to epoch. */
export interface QuickScores {
  /** Share of right predictions, in [0, 1]. */
  readonly accuracy: number;
  /** Mean F1 over the classes that occur in the labels or the predictions, in [0, 1]. */
  readonly macroF1: number;
  /** Mean negative log-likelihood of the labels, nats. */
  readonly nll: number;
}

/** Everything that one set of logits is judged by. */
export interface Scores extends QuickScores {
  readonly samples: number;
  /** Mean average precision, one class against the rest, in (0, 1]. */
  readonly meanAveragePrecision: number;
  /** Expected calibration error over 15 bins, in [0, 1]. */
  readonly calibrationError: number;
  readonly perClass: readonly ClassScores[];
  /** `confusion[truth][said]` */
  readonly confusion: ConfusionCounts;
}

/** What is judged: logits beside the true classes. */
export interface LabelledLogits {
  /** Row-major [samples, classes], unnormalised, finite. */
  readonly logits: ArrayLike<number>;
  /** [samples] class indices. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/**
 * Judges logits against labels by every score. Two calls on the same numbers give the same bits on every machine.
 *
 * @throws {ShapeError} if the lengths do not fit
 * @throws {OptionError} if `classes` is no positive integer
 * @throws {DataError} if there is no sample, a label is out of range or a logit is not finite
 */
export function evaluateLogits(input: LabelledLogits): Scores {
  checkLabelledLogits(input);
  const { logits, labels, classes } = input;
  const logProbs = logProbabilities(logits, classes);
  const predicted = predictClasses(logits, classes);
  const confusion = confusionCounts(predicted, labels, classes);
  const perClass = classScores(confusion);
  return {
    samples: labels.length,
    accuracy: accuracy(predicted, labels),
    macroF1: macroF1(perClass),
    meanAveragePrecision: meanAveragePrecision(logProbs, labels, classes),
    nll: negativeLogLikelihood(logProbs, labels, classes),
    calibrationError: expectedCalibrationError(logProbs, predicted, labels, classes),
    perClass,
    confusion,
  };
}

/**
 * Accuracy, macro-F1 and NLL only: a fraction of the cost of {@link evaluateLogits}, for use after every epoch.
 *
 * @throws as {@link evaluateLogits}
 */
export function evaluateQuickly(input: LabelledLogits): QuickScores {
  checkLabelledLogits(input);
  const { logits, labels, classes } = input;
  const predicted = predictClasses(logits, classes);
  return {
    accuracy: accuracy(predicted, labels),
    macroF1: macroF1(classScores(confusionCounts(predicted, labels, classes))),
    nll: negativeLogLikelihood(logProbabilities(logits, classes), labels, classes),
  };
}

function checkLabelledLogits({ logits, labels, classes }: LabelledLogits): void {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new OptionError(
      `evaluate: Cannot read classes: expected a positive integer, got ${classes}`,
    );
  }
  if (labels.length === 0) {
    throw new DataError("evaluate: Cannot judge: expected at least one sample, got 0");
  }
  if (logits.length !== labels.length * classes) {
    throw new ShapeError(
      `evaluate: Cannot judge logits: expected ${labels.length} x ${classes} = ${labels.length * classes} values, got ${logits.length}`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        `evaluate: Cannot judge sample ${i}: expected a label from 0 to ${classes - 1}, got ${label}`,
      );
    }
  }
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i])) {
      throw new DataError(
        `evaluate: Cannot judge sample ${Math.floor(i / classes)}: expected finite logits, got ${logits[i]}`,
      );
    }
  }
}

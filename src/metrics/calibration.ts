import { exp } from "../engine/math.ts";

/** Bins of the expected calibration error. */
export const CALIBRATION_BINS = 15;

/**
 * Mean negative log-likelihood of the labels in nats.
 *
 * @param logProbs - row-major [samples, classes] natural logarithms of probabilities
 * @param labels - [samples] class indices
 */
export function negativeLogLikelihood(
  logProbs: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum -= logProbs[i * classes + (labels[i] as number)] as number;
  }
  return sum / labels.length;
}

/**
 * Expected calibration error: |accuracy - mean confidence| averaged over 15 equal bins of the top class's
 * probability, each weighted by its share of samples. A confidence on an edge belongs to the upper bin, 1 to the last.
 *
 * Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3.
 *
 * @param logProbs - row-major [samples, classes] natural logarithms of probabilities
 * @param predicted - [samples] predicted class indices
 * @param labels - [samples] class indices
 */
export function expectedCalibrationError(
  logProbs: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  const surplus = new Float64Array(CALIBRATION_BINS); // hits minus confidence, summed in each bin
  for (let i = 0; i < labels.length; i++) {
    const said = predicted[i] as number;
    const confidence = exp(logProbs[i * classes + said] as number);
    const bin = Math.min(CALIBRATION_BINS - 1, Math.floor(confidence * CALIBRATION_BINS));
    surplus[bin] = (surplus[bin] as number) + (said === labels[i] ? 1 : 0) - confidence;
  }
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / labels.length;
}

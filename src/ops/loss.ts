import { formatNames, OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkIndices, checkOperands, shapeError } from "./checks.ts";
import { neg } from "./elementary.ts";
import { mean, sum } from "./reduction.ts";
import { logSoftmax } from "./softmax.ts";

/** What becomes of the losses of a batch, by name; the numbers are the core's. */
const REDUCTIONS = { none: 0, mean: 1, sum: 2 } as const;
export type Reduction = keyof typeof REDUCTIONS;

export interface CrossEntropyOptions {
  /** f32 [C], weight of each class. Default: all 1. */
  classWeights?: Tensor | undefined;
  /** f32 [n], weight of each sample. Default: all 1. */
  sampleWeights?: Tensor | undefined;
  /** Share of the target spread evenly over all classes, 0 (default) to 1. */
  labelSmoothing?: number;
  /** "mean" (default, over the weights of the samples' classes), "sum", or "none" for one loss per sample. */
  reduction?: Reduction;
}

/**
 * Cross entropy of softmax(logits) and labels: logits[n, C], labels i32 [n] -> a scalar, or [n] for reduction "none".
 *
 * With class weights w, sample weights v and smoothing s:
 * loss_i = v_i ((1 - s) w_y (-log p_y) + (s / C) sum over c of w_c (-log p_c)), and the mean is
 * sum loss_i / sum v_i w_y: PyTorch's convention. Through log-softmax, added up in float64. The mean of nothing (no
 * sample, or weights that sum to 0) is 0, without gradient. No gradient flows into labels or weights.
 *
 * @throws {ShapeError} if logits is no matrix, or labels or weights do not fit it
 * @throws {DataError} if a label is out of range, naming it, its position and the range
 * @throws {OptionError} if labelSmoothing is not within 0 to 1, or the reduction is unknown
 */
export function crossEntropy(
  logits: Tensor,
  labels: Tensor,
  { classWeights, sampleWeights, labelSmoothing = 0, reduction = "mean" }: CrossEntropyOptions = {},
): Tensor {
  checkOperands("crossEntropy", logits, classWeights, sampleWeights);
  const [n, classes] = logits.shape;
  if (n === undefined || classes === undefined || logits.rank !== 2) {
    throw shapeError("crossEntropy", "Cannot compare with labels", "logits [n, C]", logits);
  }
  checkIndices("crossEntropy", "label", labels, classes, logits);
  if (labels.size !== n) {
    throw shapeError(
      "crossEntropy",
      "Cannot compare with labels",
      "one label per row",
      logits,
      labels,
    );
  }
  checkWeights(classWeights, "class", classes);
  checkWeights(sampleWeights, "sample", n);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new OptionError(
      `crossEntropy: Cannot smooth labels: expected a share from 0 to 1, got ${labelSmoothing}`,
    );
  }
  const code = reductionCode("crossEntropy", reduction);
  const pointer = logits.engine.core.crossEntropy(
    logits.pointer,
    labels.pointer,
    classWeights?.pointer ?? 0,
    sampleWeights?.pointer ?? 0,
    labelSmoothing,
    code,
  );
  return logits.engine.wrap(pointer);
}

function checkWeights(weights: Tensor | undefined, what: string, length: number): void {
  if (weights === undefined || (weights.rank === 1 && weights.size === length)) return;
  throw shapeError("crossEntropy", `Cannot weigh by ${what}`, `[${length}]`, weights);
}

/**
 * Cross entropy of softmax(logits) and target probabilities, for distillation: both [n, C] -> a scalar, or [n] for
 * reduction "none". loss_i = -sum over c of t_c log p_c; "mean" (default) is over the n samples, NaN of none. The targets
 * get a gradient too, where they take one.
 *
 * @throws {ShapeError} if logits is no matrix or targets has another shape
 * @throws {OptionError} if the reduction is unknown
 */
export function softCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  { reduction = "mean" }: { reduction?: Reduction } = {},
): Tensor {
  checkOperands("softCrossEntropy", logits, targets);
  const [n, classes] = logits.shape;
  if (
    logits.rank !== 2 ||
    targets.rank !== 2 ||
    targets.shape[0] !== n ||
    targets.shape[1] !== classes
  ) {
    throw shapeError("softCrossEntropy", "Cannot compare", "two of [n, C]", logits, targets);
  }
  const code = reductionCode("softCrossEntropy", reduction);
  const losses = neg(sum(mul(targets, logSoftmax(logits)), { axis: 1 }));
  if (code === REDUCTIONS.none) return losses;
  return code === REDUCTIONS.mean ? mean(losses) : sum(losses);
}

/** The core's number of a reduction. @throws {OptionError} listing the valid names */
function reductionCode(where: string, name: Reduction): number {
  const code = REDUCTIONS[name];
  if (code !== undefined) return code;
  throw new OptionError(
    `${where}: Cannot find reduction "${name}": expected one of ${formatNames(Object.keys(REDUCTIONS))}`,
  );
}

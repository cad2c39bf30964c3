import { OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { activationCode, type FusedActivation } from "./matmul.ts";

/** Added to a variance before its root is taken. */
const EPS = 1e-5;

/**
 * Layer norm over the last axis: (x - mean) / sqrt(var + eps) gamma + beta; x[.., n], gamma and beta [n] -> [.., n].
 * The variance is the biased one.
 *
 * @param eps - default 1e-5
 * @throws {ShapeError} if gamma or beta is not [n]
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: number = EPS): Tensor {
  checkOperands("layerNorm", x, gamma, beta);
  checkVectors("layerNorm", x, { gamma, beta });
  return x.engine.wrap(x.engine.core.layerNorm(x.pointer, gamma.pointer, beta.pointer, eps));
}

/** What batch norm learns and remembers of each channel: f32 [C] each. */
export interface BatchNormState {
  gamma: Tensor;
  beta: Tensor;
  /** Written by training calls. */
  runningMean: Tensor;
  /** Written by training calls. */
  runningVar: Tensor;
}

export interface BatchNormOptions {
  /** Normalise by the batch and update the running statistics; else normalise by those. */
  training: boolean;
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
  /** Default 1e-5. */
  eps?: number;
  /** Done in the same pass as the rest, with the bits of the op after batch norm. Default "none". */
  activation?: FusedActivation;
}

/**
 * Batch norm per channel, the last axis: activation((x - mean) / sqrt(var + eps) gamma + beta); x[.., C] -> [.., C].
 *
 * In training mean and (biased) variance are those of all other axes together, and the running ones move by `momentum`
 * towards them, the variance unbiased: PyTorch's convention. A batch of a single value per channel has no variance: it
 * uses the running statistics and leaves them, as evaluation does.
 *
 * @throws {ShapeError} if x has no axis or a part of the state is not [C]
 * @throws {OptionError} if momentum is not within 0 to 1 or the activation is unknown
 */
export function batchNorm(
  x: Tensor,
  { gamma, beta, runningMean, runningVar }: BatchNormState,
  { training, momentum = 0.1, eps = EPS, activation = "none" }: BatchNormOptions,
): Tensor {
  checkOperands("batchNorm", x, gamma, beta, runningMean, runningVar);
  checkVectors("batchNorm", x, { gamma, beta, runningMean, runningVar });
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new OptionError(
      `batchNorm: Cannot update the running statistics: expected a momentum from 0 to 1, got ${momentum}`,
    );
  }
  const pointer = x.engine.core.batchNorm(
    x.pointer,
    gamma.pointer,
    beta.pointer,
    runningMean.pointer,
    runningVar.pointer,
    Number(training),
    momentum,
    eps,
    activationCode("batchNorm", activation),
  );
  return x.engine.wrap(pointer);
}

function checkVectors(where: string, x: Tensor, vectors: Readonly<Record<string, Tensor>>): void {
  const n = x.shape.at(-1);
  if (n === undefined) throw shapeError(where, "Cannot normalise", "at least 1 axis", x);
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector.rank === 1 && vector.size === n) continue;
    throw shapeError(where, `Cannot use ${name}`, `[${n}]`, vector);
  }
}

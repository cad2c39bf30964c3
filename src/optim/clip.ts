import { NonFiniteError, OptionError } from "../engine/errors.ts";
import type { ParameterList } from "./parameter-list.ts";

/** Keeps the factor finite for tiny norms; PyTorch's value. */
const NORM_EPSILON = 1e-6;

/**
 * Scales all gradients of the list by one factor so that their joint Euclidean norm is at most `limit`.
 *
 * @returns the norm before
 * @throws {OptionError} if the limit is no number >= 0
 * @throws {NonFiniteError} if the norm is NaN or infinite; nothing is changed then
 */
export function clipByNorm(parameters: ParameterList, limit: number): number {
  checkLimit(limit);
  const { core } = parameters.engine;
  const norm = core.gradNorm(parameters.pointer);
  if (!Number.isFinite(norm)) {
    throw new NonFiniteError(`clip: Cannot scale gradients: expected a finite norm, got ${norm}`);
  }
  const factor = limit / (norm + NORM_EPSILON);
  if (factor < 1) core.scaleGrads(parameters.pointer, factor);
  return norm;
}

/** Limits every element of all gradients of the list to [-limit, limit]. */
export function clipByValue(parameters: ParameterList, limit: number): void {
  checkLimit(limit);
  parameters.engine.core.clipGrads(parameters.pointer, limit);
}

function checkLimit(limit: number): void {
  if (!(limit >= 0)) {
    throw new OptionError(`clip: Cannot limit gradients: expected a number >= 0, got ${limit}`);
  }
}

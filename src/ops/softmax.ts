import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";

/**
 * exp(x) / sum of exp(x) over the last axis: x[.., n] -> [.., n], rows of probabilities. Stable for any finite x; a value
 * of -infinity gets probability 0.
 *
 * @throws {ShapeError} if x has no axis
 */
export function softmax(x: Tensor): Tensor {
  checkRows("softmax", x);
  return x.engine.wrap(x.engine.core.softmax(x.pointer));
}

/**
 * log(softmax(x)) over the last axis, x[.., n] -> [.., n], without forming the probabilities: finite for any finite x.
 *
 * @throws {ShapeError} if x has no axis
 */
export function logSoftmax(x: Tensor): Tensor {
  checkRows("logSoftmax", x);
  return x.engine.wrap(x.engine.core.logSoftmax(x.pointer));
}

/**
 * Shannon entropy in nats of softmax(x) over the last axis: x[.., n] -> [..], from 0 (sure) to log n (even).
 *
 * @throws {ShapeError} if x has no axis
 */
export function entropy(x: Tensor): Tensor {
  checkRows("entropy", x);
  return x.engine.wrap(x.engine.core.entropy(x.pointer));
}

function checkRows(where: string, x: Tensor): void {
  checkOperands(where, x);
  if (x.rank === 0) throw shapeError(where, "Cannot normalise a row", "at least 1 axis", x);
}

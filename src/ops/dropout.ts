import { OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands } from "./checks.ts";

/** Which random numbers a dropout draws: unsigned 32-bit integers each. */
export interface DropoutKey {
  seed: number;
  /** Keeps places apart: one number per layer (see `hashStream`). */
  stream: number;
  /** Keeps calls apart: the number of the training step. Default 0. */
  step?: number;
}

/**
 * Sets each element to 0 with probability p and divides the others by 1 - p, so that the mean stays. p = 0 gives x back.
 *
 * Element i depends on (seed, stream, step, i) alone: with step 0 it is dropped if number i of `new Random(seed, stream)`
 * is below p.
 *
 * @throws {OptionError} if p is not in [0, 1), or a part of the key is no unsigned 32-bit integer
 */
export function dropout(x: Tensor, p: number, { seed, stream, step = 0 }: DropoutKey): Tensor {
  checkOperands("dropout", x);
  if (!(p >= 0 && p < 1)) {
    throw new OptionError(
      `dropout: Cannot drop elements: expected a probability from 0 to below 1, got ${p}`,
    );
  }
  for (const [name, value] of Object.entries({ seed, stream, step })) {
    if (value === value >>> 0) continue;
    throw new OptionError(
      `dropout: Cannot use the ${name}: expected an integer from 0 to 4294967295, got ${value}`,
    );
  }
  if (p === 0) return x;
  return x.engine.wrap(x.engine.core.dropout(x.pointer, p, seed, stream, step));
}

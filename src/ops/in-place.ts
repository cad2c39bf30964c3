/**
 * Writing to whole tensors: initial values, snapshot, restore and mix of parameters. No gradient is recorded, and what
 * the tape has recorded of the old values is lost: use them between steps.
 */
import { OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { hashStream } from "../random.ts";
import { checkOperands, shapeError } from "./checks.ts";

/**
 * y = a x + b y, in place; y is returned. b = 0 overwrites, whatever y held.
 *
 * @throws {ShapeError} if the shapes differ
 */
export function axpby(y: Tensor, a: number, x: Tensor, b: number): Tensor {
  checkOperands("axpby", y, x);
  const same = x.rank === y.rank && x.shape.every((length, axis) => length === y.shape[axis]);
  if (!same) throw shapeError("axpby", "Cannot mix", "equal shapes", y, x);
  y.engine.core.axpby(y.pointer, a, x.pointer, b);
  return y;
}

/** Copies the elements of x to y, and returns y. @throws {ShapeError} if the shapes differ */
export function assign(y: Tensor, x: Tensor): Tensor {
  return axpby(y, 1, x, 0);
}

/**
 * Fills x with numbers from [low, high), and returns it: low + (high - low) u, where u is number i of
 * `new Random(seed, stream)`.
 *
 * @throws {OptionError} if the seed or a numeric stream is no unsigned 32-bit integer
 */
export function fillUniform(
  x: Tensor,
  low: number,
  high: number,
  seed: number,
  stream: number | string,
): Tensor {
  checkOperands("fillUniform", x);
  const key = streamNumber("fillUniform", seed, stream);
  x.engine.core.fillUniform(x.pointer, low, high, seed, key);
  return x;
}

/**
 * Fills x with normally distributed numbers, and returns it; none is further than 5.8 deviations from the mean.
 * Element i depends on (seed, stream, i) alone.
 *
 * Source: Box and Muller, A note on the generation of random normal deviates (1958).
 *
 * @throws {OptionError} if the seed or a numeric stream is no unsigned 32-bit integer
 */
export function fillNormal(
  x: Tensor,
  mean: number,
  deviation: number,
  seed: number,
  stream: number | string,
): Tensor {
  checkOperands("fillNormal", x);
  const key = streamNumber("fillNormal", seed, stream);
  x.engine.core.fillNormal(x.pointer, mean, deviation, seed, key);
  return x;
}

function streamNumber(where: string, seed: number, stream: number | string): number {
  const key = typeof stream === "string" ? hashStream(stream) : stream;
  for (const [name, value] of Object.entries({ seed, stream: key })) {
    if (value === value >>> 0) continue;
    throw new OptionError(
      `${where}: Cannot use the ${name}: expected an integer from 0 to 4294967295, got ${value}`,
    );
  }
  return key;
}

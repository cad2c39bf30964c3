/** What wrappers check before they cross into the core. */
import { F32, TENSOR_DTYPE } from "../engine/abi.ts";
import { DataError, formatShape, OptionError, ShapeError } from "../engine/errors.ts";
import { DTYPES, type Tensor } from "../engine/tensor.ts";

/** A ShapeError whose "got" lists the shapes of `tensors`. */
export function shapeError(
  where: string,
  problem: string,
  expected: string,
  ...tensors: readonly Tensor[]
): ShapeError {
  const got = tensors.map((x) => formatShape(x.shape)).join(" and ");
  return new ShapeError(`${where}: ${problem}: expected ${expected}, got ${got}`);
}

/**
 * Checks that all operands that are given hold f32 and live in the first one's engine.
 *
 * @throws {OptionError}
 */
export function checkOperands(
  where: string,
  first: Tensor,
  ...others: readonly (Tensor | undefined)[]
): void {
  checkFloats(where, first);
  for (const x of others) {
    if (x === undefined) continue;
    checkFloats(where, x);
    if (x.engine !== first.engine) throw foreign(where);
  }
}

function checkFloats(where: string, x: Tensor): void {
  const dtype = x.field(TENSOR_DTYPE);
  if (dtype === F32) return;
  const name = Object.entries(DTYPES).find(([, code]) => code === dtype)?.[0];
  throw new OptionError(
    `${where}: Cannot compute with this tensor: expected type f32, got ${name}`,
  );
}

function foreign(where: string): OptionError {
  return new OptionError(
    `${where}: Cannot mix tensors of two engines: expected tensors of one engine, got another's`,
  );
}

/**
 * Checks a vector of i32 indices: each from 0 to `below - 1`.
 *
 * @param what - what an index is called in the message: "label", "row"
 * @throws {OptionError} if it is not i32, or of another engine than `owner`
 * @throws {ShapeError} if it is no vector
 * @throws {DataError} naming the first index out of range, its position and the range
 */
export function checkIndices(
  where: string,
  what: string,
  indices: Tensor,
  below: number,
  owner: Tensor,
): void {
  if (indices.engine !== owner.engine) throw foreign(where);
  const values = indices.view();
  if (!(values instanceof Int32Array)) {
    throw new OptionError(
      `${where}: Cannot use ${what}s: expected a tensor of type i32, got floats`,
    );
  }
  if (indices.rank !== 1) throw shapeError(where, `Cannot use ${what}s`, "a vector", indices);
  for (let i = 0; i < values.length; i++) {
    const index = values[i] as number;
    if (index >= 0 && index < below) continue;
    const range = below === 0 ? "none, as there are no rows" : `0 to ${below - 1}`;
    throw new DataError(
      `${where}: Cannot use ${what} ${index} at position ${i}: expected ${range}, got ${index}`,
    );
  }
}

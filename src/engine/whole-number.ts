import { OptionError } from "./errors.ts";

/**
 * The number, if it is whole and in range.
 *
 * @param what - where it is used and for what, as a message begins: `conv2d: Cannot use the stride`
 * @throws {OptionError} otherwise
 */
export function wholeNumber(
  what: string,
  value: number,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `>= ${least}`;
  throw new OptionError(`${what}: expected a whole number ${range}, got ${value}`);
}

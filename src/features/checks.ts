/** Checks of options, with the layer's form of message. */
import { DataError, formatNames, OptionError } from "../engine/errors.ts";

/** @throws {OptionError} if `value` is no whole number from `low` to `high` */
export function checkWhole(
  where: string,
  option: string,
  value: number,
  low: number,
  high: number,
): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new OptionError(
    `${where}: Cannot use ${option}: expected a whole number from ${low} to ${high}, got ${value}`,
  );
}

/** @throws {OptionError} if `value` is no number from `low` to `high` */
export function checkNumber(
  where: string,
  option: string,
  value: number,
  low: number,
  high: number,
): void {
  if (value >= low && value <= high && Number.isFinite(value)) return;
  throw new OptionError(
    `${where}: Cannot use ${option}: expected a number from ${low} to ${high}, got ${value}`,
  );
}

/** @throws {OptionError} if `name` is none of `names`, which the message lists */
export function checkName(
  where: string,
  option: string,
  name: string,
  names: readonly string[],
): void {
  if (names.includes(name)) return;
  throw new OptionError(
    `${where}: Cannot find ${option} "${name}": expected one of ${formatNames(names)}`,
  );
}

/**
 * Numbers of another kind would be read as what they are not.
 *
 * @throws {DataError} if the data are of none of the kinds, given as names of typed arrays
 */
export function checkKind(
  where: string,
  what: string,
  data: unknown,
  kinds: readonly string[],
): void {
  // The tag, not the class: an array may come from another window.
  const kind = Object.prototype.toString.call(data).slice(8, -1);
  if (kinds.includes(kind)) return;
  throw new DataError(
    `${where}: Cannot use the ${what}: expected ${kinds.join(" or ")}, got ${kind}`,
  );
}

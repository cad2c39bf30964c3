import { DataError } from "../engine/errors.ts";
import { studentQuantile } from "./student-quantile.ts";

/** Mean of a figure over repeats (seeds) and how far they lie apart. */
export interface Spread {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (divisor n - 1); null for a single value. */
  readonly sd: number | null;
  /** Ends of the 95 % t interval of the mean; null for a single value. */
  readonly low: number | null;
  readonly high: number | null;
  /** The values themselves, in the order given. */
  readonly values: readonly number[];
}

/**
 * Mean, sample standard deviation and 95 % t interval.
 *
 * @throws {DataError} if there is no value
 */
export function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) throw new DataError("spread: Cannot average: expected at least one value, got 0");
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, sd: null, low: null, high: null, values };
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const sd = Math.sqrt(squares / (n - 1));
  const half = studentQuantile(n - 1) * (sd / Math.sqrt(n));
  return { n, mean, sd, low: mean - half, high: mean + half, values };
}

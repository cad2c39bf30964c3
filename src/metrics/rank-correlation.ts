import { DataError } from "../engine/errors.ts";

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing their mean rank.
 *
 * @returns a number in [-1, 1]; null if there are fewer than two pairs or one side is constant
 * @throws {DataError} if the sides differ in length or a value is not finite
 */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number | null {
  if (x.length !== y.length) {
    throw new DataError(
      `rank correlation: Cannot pair the values: expected equally many, got ${x.length} and ${y.length}`,
    );
  }
  const wrong = [...x, ...y].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new DataError(`rank correlation: Cannot rank: expected finite values, got ${wrong}`);
  }
  const [a, b] = [centredRanks(x), centredRanks(y)];
  const dot = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * (v[i] as number), 0);
  const scale = Math.sqrt(dot(a, a) * dot(b, b));
  return scale === 0 ? null : Math.max(-1, Math.min(1, dot(a, b) / scale));
}

/** Ranks less their mean, (n - 1) / 2. */
function centredRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2 - (values.length - 1) / 2;
  });
}

/**
 * Holm's correction of p values for the number of comparisons.
 *
 * The k-th smallest of m is multiplied by m - k + 1, capped at 1 and made non-decreasing. It bounds the chance of any
 * false claim and is never weaker than Bonferroni's. Source: Holm 1979.
 *
 * @returns corrected values in the order given
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i);
  order.sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const out = new Array<number>(pValues.length).fill(1);
  let floor = 0;
  order.forEach((index, rank) => {
    const corrected = (pValues.length - rank) * (pValues[index] as number);
    floor = Math.max(floor, Math.min(1, corrected));
    out[index] = floor;
  });
  return out;
}

/**
 * Shapley values: what each player adds to a score, averaged over all orders in which the players may come.
 *
 * phi_m = sum over subsets S without m of `|S|! (M - |S| - 1)! / M! * (score(S and m) - score(S))`. They add up to the
 * score of all less the score of none. Exact: asks for each of the 2^M subsets once. Source: Shapley 1953.
 *
 * @param players - names, in the order in which subsets are handed out
 */
export function shapleyValues<M extends string>(
  players: readonly M[],
  score: (subset: readonly M[]) => number,
): Record<M, number> {
  const count = players.length;
  const scores = Array.from({ length: 1 << count }, (_, bits) => score(members(players, bits)));
  const shares = players.map((name, m) => {
    let value = 0;
    scores.forEach((without, bits) => {
      if (((bits >> m) & 1) === 1) return;
      const gain = (scores[bits | (1 << m)] as number) - without;
      value += weight(members(players, bits).length, count) * gain;
    });
    return [name, value] as const;
  });
  return Object.fromEntries(shares) as Record<M, number>;
}

function members<M>(players: readonly M[], bits: number): M[] {
  return players.filter((_, i) => ((bits >> i) & 1) === 1);
}

/** s! (n - s - 1)! / n! = 1 / (n binomial(n - 1, s)) */
function weight(size: number, count: number): number {
  let binomial = 1;
  for (let i = 1; i <= size; i++) binomial = (binomial * (count - i)) / i;
  return 1 / (count * binomial);
}

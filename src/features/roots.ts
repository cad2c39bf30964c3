import { sinQuarter } from "../engine/math.ts";

/**
 * exp(-2 pi i k / n) for k < n, as pairs of cosine and minus sine, within 1e-15 and the same on every machine.
 *
 * The angle is reduced to a quarter turn in whole numbers, so the values at multiples of a quarter are exact.
 */
export function rootsOfUnity(n: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    const quarter = Math.floor((4 * k) / n);
    const rest = 4 * k - quarter * n;
    const sine = sinQuarter(rest / n);
    const cosine = rest === 0 ? 1 : sinQuarter((n - rest) / n);
    const [c, s] = turn(quarter, cosine, sine);
    roots[2 * k] = c;
    roots[2 * k + 1] = -s;
  }
  return roots;
}

/** Cosine and sine of an angle and so many quarter turns more. */
function turn(quarters: number, cosine: number, sine: number): [number, number] {
  if (quarters === 0) return [cosine, sine];
  if (quarters === 1) return [-sine, cosine];
  if (quarters === 2) return [-cosine, -sine];
  return [sine, -cosine];
}

/** sin(pi x) within 1e-15, the same on every machine. */
export function sinHalfTurns(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  const size = Math.abs(rest);
  const value = sinQuarter(2 * (size > 0.5 ? 1 - size : size));
  return rest < 0 ? -value : value;
}

import type { Spread } from "../metrics/index.ts";

/** A share as per cent without the sign: 0.731 -> "73.1". */
export function percent(share: number, digits = 1): string {
  const text = (100 * share).toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text; // no "-0.0"
}

/** A difference of shares in points with its sign: 0.012 -> "+1.2". */
export function signedPoints(difference: number): string {
  const text = percent(difference);
  return difference > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Mean and deviation of shares: "73.1±0.4", or "73.1" from a single seed. */
export function percentSpread(spread: Spread): string {
  return spread.sd === null
    ? percent(spread.mean)
    : `${percent(spread.mean)}±${percent(spread.sd)}`;
}

/** A p value: "0.041", or "< 0.001". */
export function pValue(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** A count or quantity with three significant digits at most below 100, else whole: "7.25", "31.2", "1840". */
export function quantity(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A duration: "42 s", "3 min 5 s", "2 h 7 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${quantity(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** "1 seed", "3 seeds". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** With its sign, for shares that may pull the other way. */
export function signedPoints(share: number): string {
  const points = Math.round(100 * share);
  return `${points < 0 ? "−" : "+"}${Math.abs(points)}`;
}

export function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`;
}

export function megabytes(bytes: number): string {
  const millions = bytes / 1e6;
  return `${millions > 0 && millions < 10 ? millions.toFixed(1) : Math.round(millions)} MB`;
}

export function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

/** Axes that the charts of several runs share: a frame in SVG units, with numbers along both sides. */
import { type Markup, trusted } from "./markup.ts";

/** The plot's size in SVG units, with room for the axes' numbers. */
export const WIDTH = 340;
export const HEIGHT = 230;
const LEFT = 36;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 36;

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Frame {
  readonly x: Range;
  readonly y: Range;
}

/** Around all values, a little wider, never empty. */
export function rangeOf(values: readonly number[]): Range {
  const from = Math.min(...values);
  const to = Math.max(...values);
  const room = Math.max((to - from) * 0.06, 1e-3);
  return { from: from - room, to: to + room };
}

export function placeX({ x }: Frame, value: number): string {
  return (LEFT + ((value - x.from) / (x.to - x.from)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

export function placeY({ y }: Frame, value: number): string {
  return (TOP + ((y.to - value) / (y.to - y.from)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
}

/** Rules and numbers at round values; `name` says what lies along the x axis and is our own text. */
export function axes(frame: Frame, name: string, show: (y: number) => string): Markup {
  const rows = roundValues(frame.y).map((value) => {
    const height = placeY(frame, value);
    return `<path class="rule" d="M${LEFT} ${height}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${height}" dy=".32em" text-anchor="end">${show(value)}</text>`;
  });
  const columns = roundValues(frame.x).map(
    (value) =>
      `<text x="${placeX(frame, value)}" y="${HEIGHT - BOTTOM + 14}" text-anchor="middle">${Number(value.toFixed(3))}</text>`,
  );
  const title = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${name}</text>`;
  return trusted([...rows, ...columns, title].join(""));
}

/** About five round numbers in a range. */
function roundValues({ from, to }: Range): number[] {
  const rough = (to - from) / 4;
  let unit = 1;
  while (unit > rough) unit /= 10;
  while (unit * 10 <= rough) unit *= 10;
  const step = [5, 2, 1].map((k) => k * unit).find((size) => size <= rough) ?? unit;
  const values: number[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9; k++) values.push(k * step);
  return values;
}

/** One of many colours, far apart in hue for neighbours. */
export function seriesColour(index: number, count: number): string {
  return `hsl(${Math.round((index * 360) / Math.max(count, 1))} 65% 48%)`;
}

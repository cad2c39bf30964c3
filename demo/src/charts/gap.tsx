import type { Line } from "./line-chart.tsx";

interface GapProps {
  readonly lines: readonly Line[];
  x(value: number): number;
  y(value: number): number;
}

/** Least distance between two written values, in pixels of the drawing. */
const APART = 15;

/** What lies between the first two lines, as far as both go. */
export function GapShade({ lines, x, y }: GapProps) {
  const [a, b] = lines;
  if (a === undefined || b === undefined) return null;
  const count = Math.min(a.points.length, b.points.length);
  const there = a.points.slice(0, count);
  const back = b.points.slice(0, count).reverse();
  const outline = [...there, ...back].map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`);
  return <polygon class={`shade ${b.tone}`} points={outline.join(" ")} />;
}

interface LastValuesProps extends GapProps {
  format(value: number): string;
}

/** The last value of each line beside its end; those that would touch are moved apart. */
export function LastValues({ lines, x, y, format }: LastValuesProps) {
  const ends = lines
    .flatMap(({ name, points, tone, dashed }) => {
      const last = points.at(-1);
      return last === undefined
        ? []
        : [{ name, tone, dashed, value: last[1], left: x(last[0]) + 8, top: y(last[1]) + 4 }];
    })
    .sort((a, b) => a.top - b.top);
  let free = Number.NEGATIVE_INFINITY;
  const placed = ends.map((end) => {
    const top = Math.max(end.top, free);
    free = top + APART;
    return { ...end, top };
  });
  return (
    <>
      {placed.map(({ name, tone, dashed, value, left, top }) => (
        <text key={name} class={`end ${tone} ${dashed ? "" : "strong"}`} x={left} y={top}>
          {format(value)}
        </text>
      ))}
    </>
  );
}

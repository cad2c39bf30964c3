import { percent } from "../format.ts";
import type { CellRecord, ComparisonRecord } from "../records.ts";
import { groupByMethod, protocolsOf } from "../summary.ts";
import { html, type Markup } from "./markup.ts";
import { axes, type Frame, HEIGHT, placeX, placeY, rangeOf, seriesColour, WIDTH } from "./plot.ts";

interface Point {
  readonly at: number;
  readonly values: readonly number[];
}

interface Series {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

/** A panel for what is missing, or noisy, and for each reading: accuracy by how much, a line a method. */
export function missingChart(comparison: ComparisonRecord): Markup {
  const groups = groupByMethod(comparison.cells);
  const labels = [...groups.keys()];
  const lines = [...new Set(protocolsOf(comparison).map(({ line }) => line))].filter((line) =>
    comparison.cells.some(({ protocol }) => protocol.line === line && protocol.at > 0),
  );
  const readings: [string, (cell: CellRecord) => number | undefined][] = [
    ["fused", ({ test }) => test?.fused?.accuracy],
    ...comparison.data.modalities.map((m): [string, (cell: CellRecord) => number | undefined] => [
      `${m} by its head`,
      ({ test }) => test?.modalities[m]?.head.accuracy,
    ]),
  ];
  const panels = lines.flatMap((line) =>
    readings.flatMap(([name, read]) => {
      const series = labels.map((label, i) => ({
        label,
        colour: seriesColour(i, labels.length),
        points: pointsOf(groups.get(label) ?? [], line, read),
      }));
      const drawn = series.filter(({ points }) => points.length > 1);
      return drawn.length === 0 ? [] : [panel(line, name, drawn)];
    }),
  );
  return html`<p class="legend">${labels.map(
    (label, i) =>
      html`<span><i class="key line" style="--c:${seriesColour(i, labels.length)}"></i>${label}</span> `,
  )}</p>
<div class="panels">${panels}</div>`;
}

/** Along one line of protocols; what nothing is missing of begins them all. */
function pointsOf(
  cells: readonly CellRecord[],
  line: string,
  read: (cell: CellRecord) => number | undefined,
): Point[] {
  const found = new Map<number, number[]>();
  for (const cell of cells) {
    const { protocol } = cell;
    const value = read(cell);
    if (value === undefined || (protocol.line !== line && protocol.at !== 0)) continue;
    found.set(protocol.at, [...(found.get(protocol.at) ?? []), value]);
  }
  return [...found].map(([at, values]) => ({ at, values })).sort((a, b) => a.at - b.at);
}

function panel(line: string, name: string, series: readonly Series[]): Markup {
  const points = series.flatMap(({ points: own }) => own);
  const frame: Frame = {
    x: rangeOf(points.map(({ at }) => at)),
    y: rangeOf(points.flatMap(({ values }) => values)),
  };
  const said = series.map(({ label, points: own }) => {
    const last = own.at(-1) as Point;
    return `${label} ${percent(mean(last.values))} % at ${last.at}`;
  });
  return html`<figure class="panel"><figcaption><b>${name}</b>, ${line}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Accuracy, ${name}, ${line}: ${said.join(", ")}">
${axes(frame, "share", (value) => percent(value, 0))}
${series.map(
  ({
    colour,
    points: own,
  }) => html`${own.some(({ values }) => values.length > 1) && html`<path class="band" style="--c:${colour}" d="${band(frame, own)}"/>`}
<path class="curve" style="--c:${colour}" d="M${own.map(({ at, values }) => `${placeX(frame, at)} ${placeY(frame, mean(values))}`).join("L")}"/>`,
)}</svg></figure>`;
}

/** Outline of lowest to highest seed. */
function band(frame: Frame, points: readonly Point[]): string {
  const edge = (pick: (...values: number[]) => number) =>
    points.map(({ at, values }) => `${placeX(frame, at)} ${placeY(frame, pick(...values))}`);
  return `M${[...edge(Math.max), ...edge(Math.min).reverse()].join("L")}Z`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

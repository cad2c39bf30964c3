import { percent } from "../format.ts";
import { allGapPoints, gapSentence } from "../gap-points.ts";
import { unpackFloats } from "../packed-floats.ts";
import type { CellRecord, ComparisonRecord } from "../records.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup } from "./markup.ts";
import { axes, type Frame, HEIGHT, placeX, placeY, rangeOf, WIDTH } from "./plot.ts";

/** More panels than these are read by nobody: then those of the methods with the smallest and the largest gap. */
const MOST_PLANES = 6;

/** How far each method keeps the modalities apart against its accuracy, and where their features lie. */
export function gapPlots(context: ReportContext): Markup {
  const { comparison } = context;
  return html`<p>${gapSentence(comparison)}</p>
<div class="panels">${scatter(comparison)}${planes(context)}</div>`;
}

function scatter(comparison: ComparisonRecord): Markup {
  const points = allGapPoints(comparison);
  const frame: Frame = {
    x: rangeOf(points.map(({ gap }) => gap)),
    y: rangeOf(points.map(({ accuracy }) => accuracy)),
  };
  return html`<figure class="panel"><figcaption><b>Gap and fused accuracy</b>, a dot a method</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Modality gap against fused accuracy of ${points.length} methods">
${axes(frame, "modality gap", (value) => percent(value, 0))}
${points.map(
  ({ label, gap, accuracy }) =>
    html`<circle class="dot" cx="${placeX(frame, gap)}" cy="${placeY(frame, accuracy)}" r="4"><title>${label}: gap ${gap.toFixed(2)}, ${percent(accuracy)} %</title></circle><text x="${placeX(frame, gap)}" y="${placeY(frame, accuracy)}" dx="6" dy="-4">${label}</text>`,
)}</svg></figure>`;
}

function planes(context: ReportContext): Markup[] {
  const firsts = [...context.groups].flatMap(([label, cells]) => {
    const cell = cells.find(({ test }) => test !== null && test.modalityGap !== null);
    return cell === undefined ? [] : [{ label, cell, gap: cell.test?.modalityGap ?? 0 }];
  });
  const sorted = firsts.toSorted((a, b) => a.gap - b.gap);
  const half = MOST_PLANES / 2;
  const shown =
    sorted.length > MOST_PLANES ? [...sorted.slice(0, half), ...sorted.slice(-half)] : sorted;
  return shown.map(({ label, cell, gap }) => plane(context, label, cell, gap));
}

/** Unit features on their two principal axes, a colour a modality. */
function plane(context: ReportContext, label: string, cell: CellRecord, gap: number): Markup {
  const places = Object.entries(cell.test?.plane ?? {}).map(([modality, packed]) => {
    const values = unpackFloats(packed);
    const at = Array.from({ length: values.length / 2 }, (_, i) => ({
      x: values[2 * i] as number,
      y: values[2 * i + 1] as number,
    }));
    return { modality, at };
  });
  const all = places.flatMap(({ at }) => at);
  const frame: Frame = { x: rangeOf(all.map(({ x }) => x)), y: rangeOf(all.map(({ y }) => y)) };
  return html`<figure class="panel"><figcaption><b>${label}</b>, gap ${gap.toFixed(2)}: features of ${places.map(
    ({ modality }, i) =>
      html`${i > 0 && ", "}<span style="color:${modalityColour(context, modality)}">${modality}</span>`,
  )}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Features of ${label} on their principal plane, seed ${cell.seed}">
${axes(frame, "first principal axis", (value) => value.toFixed(1))}
${places.map(({ modality, at }) =>
  at.map(
    ({ x, y }) =>
      html`<circle class="speck" style="--c:${modalityColour(context, modality)}" cx="${placeX(frame, x)}" cy="${placeY(frame, y)}" r="2"/>`,
  ),
)}</svg></figure>`;
}

import { percent } from "../format.ts";
import type { MethodSummary, ModalitySummary } from "../summary.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup } from "./markup.ts";

/** A stretch of accuracies, as shares. */
interface Axis {
  readonly from: number;
  readonly to: number;
}

/** Per modality a strip: alone against inside every method, by head and by probe. */
export function gapChart(context: ReportContext): Markup {
  const axis = commonAxis(context);
  if (axis === null) return html`<p>Nothing has been tested yet.</p>`;
  return html`<p class="legend"><span><i class="key alone"></i>trained alone</span> <span><i class="key probe"></i>inside, by probe</span> <span><i class="key head"></i>inside, by its head (z: others zeroed)</span></p>
<div class="panels wide">${context.summary.modalities.map((modality) => modalityPanel(context, modality, axis))}</div>`;
}

/** Tens of per cent around everything shown, the same for all modalities; null without anything. */
function commonAxis({ summary }: ReportContext): Axis | null {
  const all = summary.methods.flatMap((row) =>
    Object.values(row.modalities).flatMap(({ head, probe }) => [
      ...head.values,
      ...(probe?.values ?? []),
    ]),
  );
  if (all.length === 0) return null;
  const from = Math.max(0, Math.floor(Math.min(...all) * 10 - 0.2) / 10);
  const to = Math.min(1, Math.ceil(Math.max(...all) * 10 + 0.2) / 10);
  return { from, to: to > from ? to : from + 0.1 };
}

function modalityPanel(context: ReportContext, modality: string, axis: Axis): Markup {
  const { methods } = context.summary;
  const lone = methods.find((row) => row.method.yardstick && row.modalities[modality])?.modalities[
    modality
  ];
  const shown = methods.filter((row) => row.modalities[modality] && !row.method.yardstick);
  const ticks = axisTicks(axis);
  const tickMarks = ticks.map(
    (tick) => html`<i class="grid" style="left:${position(axis, tick)}"></i>`,
  );
  return html`<figure class="panel" style="--c:${modalityColour(context, modality)}">
<figcaption><b>${modality}</b>${lone ? ` alone: ${loneText(lone)}` : ""}</figcaption>
<div class="strips">${shown.map((row) => strip(row, row.modalities[modality] as ModalitySummary, lone, axis, tickMarks))}
<div class="strip axis" aria-hidden="true"><span></span><span class="track">${ticks.map(
    (tick) =>
      html`<span class="tick" style="left:${position(axis, tick)}">${percent(tick, 0)}</span>`,
  )}</span><span></span></div></div>
</figure>`;
}

/** What the upright line stands for, and the head beside it. */
function loneText({ head, probe }: ModalitySummary): string {
  const byHead = `${percent(head.mean)} %`;
  return probe === null ? byHead : `${percent(probe.mean)} % by probe, ${byHead} by head`;
}

function strip(
  row: MethodSummary,
  figures: ModalitySummary,
  lone: ModalitySummary | undefined,
  axis: Axis,
  ticks: readonly Markup[],
): Markup {
  const inside = figures.probe ?? figures.head;
  const alone = lone && (figures.probe && lone.probe ? lone.probe : lone.head).mean;
  const gap = figures.gapByProbe ?? figures.gapByHead;
  const [low, high] = [
    Math.min(inside.mean, alone ?? inside.mean),
    Math.max(inside.mean, alone ?? inside.mean),
  ];
  const said = [
    figures.probe && `by probe ${percent(figures.probe.mean)} %`,
    `by head ${percent(figures.head.mean)} %`,
    alone !== undefined && `alone ${percent(alone)} %`,
  ].filter(Boolean);
  return html`<div class="strip" role="img" aria-label="${row.label}: ${said.join(", ")}"><span class="name">${row.label}</span><span class="track">${ticks}
<i class="bar" style="left:${position(axis, low)};width:${width(axis, high - low)}"></i>
${alone === undefined ? "" : html`<i class="mark alone" style="left:${position(axis, alone)}"></i>`}
<i class="mark head" style="left:${position(axis, figures.head.mean)}"></i>
${figures.probe && html`<i class="mark probe" style="left:${position(axis, figures.probe.mean)}"></i>`}</span><span class="value">${gap === null ? "" : gapWords(gap.mean)}</span></div>`;
}

/** "4.4 below" or "0.3 above", in points. */
function gapWords(gap: number): string {
  const size = percent(Math.abs(gap));
  if (Number(size) === 0) return "equal";
  return `${size} ${gap > 0 ? "below" : "above"}`;
}

function axisTicks({ from, to }: Axis): number[] {
  const step = to - from > 0.55 ? 0.2 : 0.1;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function position({ from, to }: Axis, value: number): string {
  return `${((100 * (value - from)) / (to - from)).toFixed(2)}%`;
}

function width({ from, to }: Axis, length: number): string {
  return `${((100 * length) / (to - from)).toFixed(2)}%`;
}

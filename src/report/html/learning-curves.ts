import { percent } from "../format.ts";
import type { CellRecord } from "../records.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Validation accuracy by epoch of one thing (a modality or the fusion) in one method. */
interface Curve {
  /** Null for the fused prediction. */
  readonly modality: string | null;
  readonly colour: string;
  /** `seeds[s][e]` */
  readonly seeds: readonly (readonly number[])[];
  /** Mean over the seeds that reached the epoch. */
  readonly mean: readonly number[];
}

/** The plot's size in SVG units, with room for the axes' numbers. */
const WIDTH = 340;
const HEIGHT = 210;
const LEFT = 30;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;

interface Frame {
  readonly epochs: number;
  readonly from: number;
  readonly to: number;
}

/** A panel a method: every modality's validation accuracy by epoch, beside the same modality trained alone. */
export function learningCurves(context: ReportContext): Markup {
  // A method without epochs of its own (an ensemble of modalities trained alone) has no panel.
  const panels = [...context.groups]
    .map(([label, cells]) => ({ label, cells, curves: curvesOf(context, cells) }))
    .filter(({ curves }) => curves.length > 0);
  const lone = panels
    .filter(({ cells }) => cells[0]?.method.yardstick)
    .flatMap(({ curves }) => curves.filter(({ modality }) => modality !== null));
  const values = panels.flatMap(({ curves }) => curves.flatMap(({ seeds }) => seeds.flat()));
  if (panels.length === 0) return html`<p>No epoch was finished.</p>`;
  const to = Math.min(1, Math.ceil(Math.max(...values) * 10 + 0.01) / 10);
  const frame: Frame = {
    epochs: Math.max(...panels.flatMap(({ curves }) => curves.map(({ mean }) => mean.length))),
    from: Math.max(0, Math.min(Math.floor(Math.min(...values) * 10) / 10, to - 0.1)),
    to,
  };
  return html`${legend(context, lone.length > 0)}
<div class="panels">${panels.map(({ label, cells, curves }) =>
    panel(label, curves, cells[0]?.method.yardstick ? [] : lone, selected(cells), frame),
  )}</div>`;
}

function curvesOf(context: ReportContext, cells: readonly CellRecord[]): Curve[] {
  const curve = (
    modality: string | null,
    colour: string,
    read: (cell: CellRecord, epoch: number) => number | undefined,
  ): Curve[] => {
    const seeds = cells
      .map((cell) => cell.epochs.flatMap((_, e) => read(cell, e) ?? []))
      .filter((points) => points.length > 0);
    if (seeds.length === 0) return [];
    const length = Math.max(...seeds.map((points) => points.length));
    const mean = Array.from({ length }, (_, e) => {
      const reached = seeds.flatMap((points) => points[e] ?? []);
      return reached.reduce((sum, value) => sum + value, 0) / reached.length;
    });
    return [{ modality, colour, seeds, mean }];
  };
  return [
    ...context.summary.modalities.flatMap((modality) =>
      curve(
        modality,
        modalityColour(context, modality),
        (cell, e) => cell.epochs[e]?.validation?.modalities[modality]?.accuracy,
      ),
    ),
    ...curve(null, "var(--ink)", (cell, e) => cell.epochs[e]?.validation?.fused?.accuracy),
  ];
}

/** The epochs whose parameters were kept, without repeats. */
function selected(cells: readonly CellRecord[]): number[] {
  return [...new Set(cells.flatMap((cell) => cell.selectedEpoch ?? []))];
}

function legend(context: ReportContext, lone: boolean): Markup {
  return html`<p class="legend">${context.summary.modalities.map(
    (modality) =>
      html`<span><i class="key line" style="--c:${modalityColour(context, modality)}"></i>${modality}</span> `,
  )}<span><i class="key line" style="--c:var(--ink)"></i>fused</span> ${lone && html`<span><i class="key dash"></i>the same modality trained alone</span> `}<span><i class="key tickmark"></i>epoch kept</span></p>`;
}

function panel(
  label: string,
  curves: readonly Curve[],
  lone: readonly Curve[],
  kept: readonly number[],
  frame: Frame,
): Markup {
  const said = curves.map(({ modality, mean }) => {
    const last = mean[mean.length - 1] ?? 0;
    return `${modality ?? "fused"} ends at ${percent(last)} %`;
  });
  const shown = new Set(curves.map(({ modality }) => modality));
  return html`<figure class="panel"><figcaption><b>${label}</b></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Validation accuracy of ${label}: ${said.join(", ")}">
${axes(frame)}
${kept.map((epoch) => html`<path class="kept" d="M${x(frame, epoch)} ${HEIGHT - BOTTOM}v5"/>`)}
${lone
  .filter(({ modality }) => shown.has(modality))
  .map(
    (curve) =>
      html`<path class="curve lone" style="--c:${curve.colour}" d="${path(frame, curve.mean)}"/>`,
  )}
${curves.map(
  (
    curve,
  ) => html`${curve.seeds.length > 1 && html`<path class="band" style="--c:${curve.colour}" d="${band(frame, curve.seeds)}"/>`}
<path class="curve" style="--c:${curve.colour}" d="${path(frame, curve.mean)}"/>`,
)}</svg></figure>`;
}

function axes(frame: Frame): Markup {
  const step = frame.to - frame.from > 0.55 ? 0.2 : 0.1;
  const lines: string[] = [];
  for (let k = Math.ceil(frame.from / step - 1e-9); k * step <= frame.to + 1e-9; k++) {
    const height = y(frame, k * step);
    lines.push(
      `<path class="rule" d="M${LEFT} ${height}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${height}" dy=".32em" text-anchor="end">${percent(k * step, 0)}</text>`,
    );
  }
  const last = `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">epoch ${frame.epochs}</text>`;
  const first = `<text x="${LEFT}" y="${HEIGHT - 6}">1</text>`;
  return trusted(lines.join("") + first + last);
}

function x({ epochs }: Frame, epoch: number): string {
  const share = epochs === 1 ? 0.5 : (epoch - 1) / (epochs - 1);
  return (LEFT + share * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

function y({ from, to }: Frame, value: number): string {
  return (TOP + ((to - value) / (to - from)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
}

function path(frame: Frame, points: readonly number[]): string {
  const steps = points.map((value, e) => `${x(frame, e + 1)} ${y(frame, value)}`);
  // A single epoch would draw nothing: a line of no length with round ends is a dot.
  return `M${steps.join("L")}${steps.length === 1 ? "h.01" : ""}`;
}

/** Outline of lowest to highest seed. */
function band(frame: Frame, seeds: readonly (readonly number[])[]): string {
  const length = Math.max(...seeds.map((points) => points.length));
  const at = Array.from({ length }, (_, e) => seeds.flatMap((points) => points[e] ?? []));
  const upper = at.map((values, e) => `${x(frame, e + 1)} ${y(frame, Math.max(...values))}`);
  const lower = at.map((values, e) => `${x(frame, e + 1)} ${y(frame, Math.min(...values))}`);
  return `M${[...upper, ...lower.reverse()].join("L")}Z`;
}

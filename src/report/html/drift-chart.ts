import { exp, log } from "../../engine/math.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup } from "./markup.ts";
import { axes, type Frame, HEIGHT, placeX, placeY, rangeOf, WIDTH } from "./plot.ts";

interface DriftLine {
  readonly label: string;
  readonly colour: string;
  readonly dashed: boolean;
  /** [step, norm] */
  readonly points: readonly (readonly [number, number])[];
}

/** A panel a method that tells it: how far each modality's steps moved the other modalities' outputs, by step. */
export function driftChart(context: ReportContext): Markup {
  const { modalities } = context.summary;
  const panels = [...context.groups].flatMap(([label, cells]) => {
    const drift = cells.find((cell) => cell.drift !== undefined)?.drift;
    if (drift === undefined) return [];
    const lines = modalities.flatMap((m) => {
      const own = drift.modalities[m];
      if (own === undefined) return [];
      const line = (name: string, values: readonly number[], dashed: boolean): DriftLine => ({
        label: `${m} ${name}`,
        colour: modalityColour(context, m),
        dashed,
        // A step that moves nothing has no place on a logarithmic axis.
        points: values.flatMap((value, i) =>
          value > 0 ? [[drift.steps[i] as number, value]] : [],
        ),
      });
      return [line("unprojected", own.raw, true), line("as taken", own.projected, false)];
    });
    const drawn = lines.filter(({ points }) => points.length > 1);
    return drawn.length === 0 ? [] : [{ label, lines: drawn }];
  });
  return html`<p class="legend">${modalities.map(
    (m) =>
      html`<span><i class="key line" style="--c:${modalityColour(context, m)}"></i>a step for ${m}</span> `,
  )}<span><i class="key dash"></i>had it not been projected</span></p>
<div class="panels">${panels.map(({ label, lines }, i) => panel(label, lines, i))}</div>`;
}

/** If any training tells how far its steps moved other modalities' outputs. */
export function hasDrift({ comparison }: ReportContext): boolean {
  return comparison.cells.some(({ drift }) => drift !== undefined);
}

function panel(label: string, lines: readonly DriftLine[], index: number): Markup {
  const points = lines.flatMap((line) => line.points);
  const frame: Frame = {
    x: rangeOf(points.map(([step]) => step)),
    y: rangeOf(points.map(([, value]) => log(value) / Math.LN10)),
  };
  const said = lines.map((line) => `${line.label} ${median(line).toExponential(1)}`);
  const path = ({ points: own }: DriftLine) =>
    `M${own.map(([step, value]) => `${placeX(frame, step)} ${placeY(frame, log(value) / Math.LN10)}`).join("L")}`;
  return html`<figure class="panel"><figcaption><b>${label}</b></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="drift-${index} drift-${index}-said">
<title id="drift-${index}">How far steps of ${label} move the other modalities' outputs</title>
<desc id="drift-${index}-said">Medians over the steps: ${said.join(", ")}</desc>
${axes(frame, "step", (power) => exp(power * Math.LN10).toExponential(0))}
${lines.map(
  (line) =>
    html`<path class="${line.dashed ? "curve lone" : "curve"}" style="--c:${line.colour}" d="${path(line)}"/>`,
)}</svg></figure>`;
}

function median({ points }: DriftLine): number {
  const sorted = points.map(([, value]) => value).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

import { unpackFloats } from "../packed-floats.ts";
import type { CellRecord } from "../records.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup, trusted } from "./markup.ts";

const BINS = 40;

/** Per method that weighs its modalities, how the weights are distributed over samples and seeds. */
export function fusionWeights(context: ReportContext): Markup {
  const panels = [...context.groups].flatMap(([label, cells]) => {
    const weights = context.summary.modalities.flatMap((modality) => {
      const values = weightsOf(cells, modality);
      return values.length === 0 ? [] : [{ modality, values }];
    });
    return weights.length === 0 ? [] : [{ label, weights }];
  });
  if (panels.length === 0) {
    return html`<p>No method here gives weights: each fuses in one fixed way.</p>`;
  }
  const top = Math.max(
    1,
    ...panels.flatMap(({ weights }) => weights.map(({ values }) => values[values.length - 1] ?? 0)),
  );
  return html`<div class="panels">${panels.map(
    ({ label, weights }) => html`<figure class="panel"><figcaption><b>${label}</b></figcaption>
<dl class="weights">${weights.map(({ modality, values }) => histogram(context, modality, values, top))}</dl>
<p class="scale" aria-hidden="true"><span>0</span><span>weight</span><span>${short(top)}</span></p></figure>`,
  )}</div>`;
}

/** All weights that a modality got where it was present, ascending. */
function weightsOf(cells: readonly CellRecord[], modality: string): number[] {
  return cells
    .flatMap(({ test }) => {
      const weights = test?.fusionWeights;
      if (!weights || !Object.hasOwn(weights, modality)) return [];
      return Array.from(unpackFloats(weights[modality] as string));
    })
    .filter((weight) => weight > 0)
    .sort((a, b) => a - b);
}

function histogram(
  context: ReportContext,
  modality: string,
  values: readonly number[],
  top: number,
): Markup {
  const bins = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value / top) * BINS));
    bins[bin] = (bins[bin] as number) + 1;
  }
  const highest = Math.max(...bins);
  const bars = bins.map((count, i) => {
    const height = (38 * count) / highest;
    return count === 0
      ? ""
      : `<rect x="${i * 8}" y="${(40 - height).toFixed(1)}" width="7" height="${height.toFixed(1)}"/>`;
  });
  const at = (share: number): string =>
    short(values[Math.round(share * (values.length - 1))] as number);
  const range = `from ${at(0)} to ${at(1)}, median ${at(0.5)}`;
  return html`<div style="--c:${modalityColour(context, modality)}"><dt>${modality}</dt><dd><svg viewBox="0 0 320 40" role="img" aria-label="Weights of ${modality}: ${range}">${trusted(bars.join(""))}</svg><span class="hint">${range}</span></dd></div>`;
}

function short(value: number): string {
  return value.toFixed(2);
}

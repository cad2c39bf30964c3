import type { Spread } from "../../metrics/index.ts";
import { percent, pValue, quantity, signedPoints } from "../format.ts";
import { scoreRows } from "../score-rows.ts";
import type { MethodSummary, ModalitySummary } from "../summary.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { type Content, html, type Markup } from "./markup.ts";

/** The main table: a row a method; fused, then every modality, then the paired test and the cost. */
export function resultTable(context: ReportContext): Markup {
  const { summary } = context;
  const { modalities, methods } = summary;
  const top = Math.max(...methods.map((row) => row.fused?.accuracy.mean ?? 0));
  return html`<p class="hint" id="result-note">Test data, in per cent: mean <span class="sd">± standard deviation</span> over seeds. Gap: points below the same modality trained alone, by head / by probe. Bold: the highest mean.</p>
<div class="scroll" role="region" aria-label="Table of results" tabindex="0">
<table class="figures" aria-labelledby="result-title" aria-describedby="result-note">
<thead>
<tr><th scope="col" rowspan="2">Method</th><th scope="colgroup" colspan="2">Fused</th>${modalities.map(
    (modality) =>
      html`<th scope="colgroup" colspan="3" class="modality" style="--c:${modalityColour(context, modality)}">${modality}</th>`,
  )}<th scope="colgroup" colspan="2">Against ${summary.bestBaseline ?? "the best baseline"}</th><th scope="colgroup" colspan="2">Training</th></tr>
<tr><th scope="col" class="first">accuracy</th><th scope="col">macro-F1</th>${modalities.map(
    () =>
      html`<th scope="col" class="first">head</th><th scope="col">probe</th><th scope="col">gap</th>`,
  )}<th scope="col" class="first">points</th><th scope="col">p</th><th scope="col" class="first">s</th><th scope="col">GFLOP</th></tr>
</thead>
<tbody>${methods.map((row) => resultRow(context, row, top))}</tbody>
</table>
</div>
${tableNotes(context)}
${moreScores(context)}`;
}

function resultRow(context: ReportContext, row: MethodSummary, top: number): Markup {
  const best = row.fused !== null && row.fused.accuracy.mean === top;
  return html`<tr><th scope="row">${methodName(row)}</th>
<td class="${best ? "first best" : "first"}">${spread(row.fused?.accuracy)}</td><td>${spread(row.fused?.macroF1)}</td>${context.summary.modalities.map(
    (modality) => modalityCells(row.modalities[modality]),
  )}<td class="first">${row.test === null ? absent() : html`<span title="95 % interval ${signedPoints(row.test.low)} to ${signedPoints(row.test.high)}">${signedPoints(row.test.difference)}</span>`}</td><td>${row.test === null ? absent() : pValue(row.test.corrected)}</td><td class="first">${quantity(row.seconds.mean)}</td><td>${quantity(row.gflops.mean)}</td></tr>`;
}

function modalityCells(figures: ModalitySummary | undefined): Markup {
  const zeroed = figures?.headKind === "others-zeroed" ? html`<sup>z</sup>` : "";
  return html`<td class="first">${spread(figures?.head)}${zeroed}</td><td>${spread(figures?.probe)}</td><td>${gaps(figures)}</td>`;
}

/** A method's label with what it is in the comparison. */
function methodName(row: MethodSummary): Markup {
  const { yardstick, baseline } = row.method;
  const role = yardstick ? "alone" : baseline ? null : "studied";
  return html`${row.label}${row.interruptedSeeds.length > 0 ? html`<sup>*</sup>` : ""}${role === null ? "" : html` <span class="tag">${role}</span>`}`;
}

function spread(value: Spread | null | undefined): Content {
  if (!value) return absent();
  return html`${percent(value.mean)}${value.sd === null ? "" : html` <span class="sd">± ${percent(value.sd)}</span>`}`;
}

/** By head / by probe. */
function gaps(figures: ModalitySummary | undefined): Content {
  if (!figures?.gapByHead) return absent();
  return html`${gap(figures.gapByHead)}${figures.gapByProbe && html` / ${gap(figures.gapByProbe)}`}`;
}

function gap({ mean }: Spread): Content {
  return mean >= 0.01 ? html`<span class="gap">${percent(mean)}</span>` : percent(mean);
}

function absent(): Markup {
  return html`<span class="none" aria-label="none">–</span>`;
}

function tableNotes({ summary }: ReportContext): Markup {
  const rows = summary.methods.flatMap((row) => Object.values(row.modalities));
  const notes = [
    rows.some((figures) => figures.headKind === "others-zeroed") &&
      "z: read by the joint head with the other modalities zeroed, which overstates laziness; the probe does not.",
    summary.methods.some((row) => row.interruptedSeeds.length > 0) &&
      "*: a seed was stopped before its last epoch; the figures are those of its best epoch so far.",
    summary.bestBaseline !== null &&
      "Points and p: fused accuracy against the best baseline, paired bootstrap over samples and seeds, p corrected by Holm for the number of tests.",
  ];
  return html`<ul class="notes">${notes.map((note) => note && html`<li>${note}</li>`)}</ul>`;
}

/** Scores that few readers look for first. */
function moreScores({ groups, summary }: ReportContext): Markup {
  const rows = [...groups].flatMap(([label, cells]) => scoreRows(label, cells, summary.modalities));
  return html`<details><summary>More scores: mean average precision, likelihood, calibration, share of each modality</summary>
<p class="hint">Shapley: what a modality adds to the fused accuracy, over all orders, in points.</p>
<div class="scroll" tabindex="0" role="region" aria-label="More scores"><table class="figures">
<thead><tr><th scope="col">Method</th><th scope="col">of</th><th scope="col">accuracy %</th><th scope="col">macro-F1 %</th><th scope="col">mAP %</th><th scope="col">NLL, nats</th><th scope="col">calibration error %</th><th scope="col">Shapley</th></tr></thead>
<tbody>${rows.map(
    ({ method, of, scores, shapley }) =>
      html`<tr><th scope="row">${method}</th><td>${of}</td><td>${spread(scores.accuracy)}</td><td>${spread(scores.macroF1)}</td><td>${spread(scores.meanAveragePrecision)}</td><td>${scores.nll.mean.toFixed(3)}</td><td>${spread(scores.calibrationError)}</td><td>${spread(shapley)}</td></tr>`,
  )}</tbody></table></div></details>`;
}

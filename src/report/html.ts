import { plural } from "./format.ts";
import { allGapPoints } from "./gap-points.ts";
import { headline } from "./headline.ts";
import { type ConfusionView, confusionMatrices, confusionViews } from "./html/confusion-matrix.ts";
import type { ReportContext } from "./html/context.ts";
import { disagreementSection, findDisputes, shownDisagreements } from "./html/disagreements.ts";
import { driftChart, hasDrift } from "./html/drift-chart.ts";
import { fusionWeights } from "./html/fusion-weights.ts";
import { gapChart } from "./html/gap-chart.ts";
import { gapPlots } from "./html/gap-plots.ts";
import { learningCurves } from "./html/learning-curves.ts";
import { html, jsonMarkup, type Markup, trusted } from "./html/markup.ts";
import { missingChart } from "./html/missing-chart.ts";
import { provenance } from "./html/provenance.ts";
import { resultTable } from "./html/result-table.ts";
import { indexSamples, mediaWithinBudget, type SampleMedia } from "./html/sample-index.ts";
import { SCRIPT } from "./html/script.ts";
import { STYLE } from "./html/style.ts";
import type { ComparisonRecord } from "./records.ts";
import { cellsUnder, groupByMethod, protocolsOf, type Summary, summarise } from "./summary.ts";

/** What a report may be given beside the records. */
export interface ReportExtras extends SampleMedia {
  /** If it has been computed already. */
  readonly summary?: Summary;
}

interface Section {
  readonly id: string;
  /** Its name in the page's navigation. */
  readonly short: string;
  readonly name: string;
  readonly lead?: string;
  readonly body: Markup;
}

/** The report lets the browser load nothing: what is in the file is all there is. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * Draws a comparison as one self-contained HTML file below 5 MB: no request, no library, readable without its script.
 * All text from the records is escaped.
 *
 * @param whole - finished or partial
 * @param extras - pictures (data URLs) and words by sample id, shown beside the ids
 */
export function renderReport(whole: ComparisonRecord, extras: ReportExtras = {}): string {
  const comparison = { ...whole, cells: cellsUnder(whole) };
  const summary = extras.summary ?? summarise(comparison);
  const context: ReportContext = {
    comparison,
    summary,
    groups: groupByMethod(comparison.cells),
    samples: indexSamples(comparison.cells, extras),
  };
  const views = confusionViews(context);
  const disputes = findDisputes(context);
  const cards = shownDisagreements(disputes).map(({ sample }) => sample);
  const { title, sentences } = headline(summary);
  const sections: readonly Section[] = [
    { id: "result", short: "Result", name: "Result", body: resultTable(context) },
    {
      id: "laziness",
      short: "Laziness",
      name: "How lazy is each modality?",
      lead: "Each dot is a modality inside one method; the upright line is the same modality trained alone. What lies left of the line was lost by training together.",
      body: gapChart(context),
    },
    {
      id: "curves",
      short: "Learning",
      name: "Learning curves",
      lead: "Accuracy on validation data by epoch: the mean of the seeds, the band from the lowest to the highest.",
      body: learningCurves(context),
    },
    ...missingSection(whole),
    ...driftSection(context),
    ...gapSection(context),
    {
      id: "confusion",
      short: "Confusion",
      name: "What was taken for what",
      body: confusionMatrices(context, views),
    },
    {
      id: "weights",
      short: "Weights",
      name: "Who was listened to",
      lead: "The weight that the fusion gave each modality, over all test samples and seeds.",
      body: fusionWeights(context),
    },
    {
      id: "disagreements",
      short: "Disagreements",
      name: "Where the modalities disagreed",
      body: disagreementSection(context, disputes),
    },
    {
      id: "how",
      short: "How obtained",
      name: "How every figure was obtained",
      body: provenance(context),
    },
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="color-scheme" content="light dark">
<title>${comparison.name}: ${comparison.data.name}, ${plural(summary.methods.length, "method")}</title>
<style>${trusted(STYLE)}</style></head>
<body><a class="skip" href="#result">Skip to the result</a>
<header><p class="kicker">${kicker(comparison, summary)}</p>
<h1>${title}</h1>
${sentences.map((sentence) => html`<p class="say">${sentence}</p>`)}
${partialNotice(whole)}
<nav aria-label="Sections"><ul>${sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}</ul></nav></header>
<main>${sections.map(
    ({
      id,
      name,
      lead,
      body,
    }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>
${lead !== undefined && html`<p class="lead">${lead}</p>`}
${body}</section>`,
  )}</main>
<script type="application/json" id="report-data">${jsonMarkup(scriptData(context, views, cards))}</script>
<script>${trusted(SCRIPT)}</script></body></html>
`;
  return page.text;
}

/** If modalities are missing, or noisy, by degrees. */
function missingSection(whole: ComparisonRecord): Section[] {
  if (protocolsOf(whole).length < 2) return [];
  return [
    {
      id: "missing",
      short: "Missing",
      name: "What missing or noisy modalities cost",
      lead: "Test accuracy by how much is missing or noisy: the mean of the seeds, the band from the lowest to the highest. All other sections are of the first protocol.",
      body: missingChart(whole),
    },
  ];
}

/** If a method tells how far its steps move other modalities' outputs. */
function driftSection(context: ReportContext): Section[] {
  if (!hasDrift(context)) return [];
  return [
    {
      id: "drift",
      short: "Drift",
      name: "How far steps move the other modalities' outputs",
      lead: "A step on a shared head for one modality also moves the head's outputs on the others. By step, on the mean features of the others' last steps: the norm of what it added to their logits, of one seed; the axis is logarithmic.",
      body: driftChart(context),
    },
  ];
}

/** If there are methods to compare by how far apart they keep the modalities. */
function gapSection(context: ReportContext): Section[] {
  if (allGapPoints(context.comparison).length < 3) return [];
  return [
    {
      id: "gaps",
      short: "Gaps",
      name: "How far apart the modalities lie",
      lead: "The modality gap is the distance between the mean directions of the modalities' features. The planes are of the first seed.",
      body: gapPlots(context),
    },
  ];
}

function kicker({ data, started }: ComparisonRecord, { methods }: Summary): string {
  const seeds = Math.max(0, ...methods.map((row) => row.seeds.length));
  const parts = [data.name, data.modalities.join(" + "), plural(methods.length, "method")];
  return [...parts, plural(seeds, "seed"), started.slice(0, 10)].join(" · ");
}

/** Says what is missing from a run that was stopped, or null. */
function partialNotice({ cells, plannedCells, ended }: ComparisonRecord): Markup | null {
  const stopped = cells.filter((cell) => cell.interrupted).length;
  const untested = cells.filter((cell) => cell.test === null).length;
  const missing = Math.max(0, plannedCells - cells.length);
  const lines = [
    missing > 0 && `${missing} of ${plannedCells} planned trainings have not been done.`,
    stopped > 0 && `${plural(stopped, "training")} stopped before the last epoch.`,
    untested > 0 && `${plural(untested, "training")} without test results: not in the figures.`,
    ended === null && "The run has not ended.",
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return html`<p class="partial" role="note"><b>Partial run.</b> ${lines.join(" ")}</p>`;
}

/** What the script needs to show the samples behind a cell. */
function scriptData(
  context: ReportContext,
  views: readonly ConfusionView[],
  cards: readonly number[],
): unknown {
  const { ids, truths } = context.samples;
  const mistaken = ids.flatMap((_, i) =>
    views.some((view) => view.predictions.some((seed) => seed[i] !== truths[i])) ? [i] : [],
  );
  const { pictures, words, left } = mediaWithinBudget(context.samples, [...cards, ...mistaken]);
  return {
    classes: context.comparison.data.classes,
    ids,
    truths,
    pictures,
    words,
    left,
    views: views.map(({ label, predictions }) => ({ label, predictions })),
  };
}

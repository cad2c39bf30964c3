import type { PackedFloats } from "../packed-floats.ts";
import type { CellRecord, TestRecord } from "../records.ts";
import type { ReportContext } from "./context.ts";
import { html, type Markup } from "./markup.ts";
import { indexedPredictions } from "./sample-index.ts";

/** One thing whose answers are counted: a method's fused prediction, or a modality where it does not fuse. */
export interface ConfusionView {
  readonly label: string;
  /** `predictions[seed][sample]`: class index, -1 for no answer. Samples as in the report's index. */
  readonly predictions: readonly (readonly number[])[];
}

/** Above this many classes a table of all pairs cannot be read: the commonest mistakes are listed instead. */
const MATRIX_CLASSES = 24;
const LISTED_MISTAKES = 30;

/** Everything that has a confusion matrix, in the order of the methods. */
export function confusionViews(context: ReportContext): ConfusionView[] {
  return [...context.groups].flatMap(([label, cells]) => {
    const tests = cells.flatMap(({ test }) => test ?? []);
    const view = (
      name: string,
      read: (test: TestRecord) => PackedFloats | null | undefined,
    ): ConfusionView[] => {
      const predictions = tests.flatMap((test) => {
        const packed = read(test);
        return packed ? [indexedPredictions(context.samples, test, packed)] : [];
      });
      return predictions.length === 0 ? [] : [{ label: name, predictions }];
    };
    const fused = view(label, (test) => test.fusedLogits);
    if (fused.length > 0) return fused;
    return context.summary.modalities.flatMap((modality) =>
      view(`${label}: ${modality}`, (test) =>
        Object.hasOwn(test.modalityLogits, modality) ? test.modalityLogits[modality] : null,
      ),
    );
  });
}

/** The view that is open at first: of the first method under study that fuses, else of the last one. */
function firstView(context: ReportContext, views: readonly ConfusionView[]): number {
  const studied = [...context.groups.values()].flatMap(([cell]) => (isStudied(cell) ? [cell] : []));
  const found = views.findIndex(({ label }) =>
    studied.some((cell) => cell?.method.label === label),
  );
  return found >= 0 ? found : views.length - 1;
}

function isStudied(cell: CellRecord | undefined): boolean {
  return cell !== undefined && !cell.method.baseline && !cell.method.yardstick;
}

/** A matrix for each view, one shown at a time, beside the samples behind the chosen cell. */
export function confusionMatrices(context: ReportContext, views: readonly ConfusionView[]): Markup {
  if (views.length === 0) return html`<p>Nothing has been tested yet.</p>`;
  const open = firstView(context, views);
  const seeds = Math.max(...views.map(({ predictions }) => predictions.length));
  return html`<fieldset class="tabs"><legend>Answers of</legend>${views.map(
    ({ label }, i) =>
      html`<label><input type="radio" name="confusion" value="${i}"${i === open ? html` checked` : ""}><span>${label}</span></label>`,
  )}</fieldset>
<p class="hint">${seeds > 1 ? `All ${seeds} seeds together. ` : ""}Choose a cell to see the samples behind it.</p>
<div class="matrix-and-samples"><div>${views.map((view, i) => viewPanel(context, view, i))}</div>
<aside class="behind" aria-live="polite"><p class="empty">No cell chosen yet.</p></aside></div>`;
}

function viewPanel(context: ReportContext, view: ConfusionView, index: number): Markup {
  const { classes } = context.comparison.data;
  const counts = countAnswers(context, view);
  return html`<div class="view" data-view="${index}"><h3 class="view-title">${view.label}</h3>${
    classes.length > MATRIX_CLASSES ? mistakeList(classes, counts) : matrix(classes, counts)
  }</div>`;
}

/** `counts[truth][said]` over all seeds. */
function countAnswers({ comparison, samples }: ReportContext, view: ConfusionView): number[][] {
  const counts = comparison.data.classes.map(() => comparison.data.classes.map(() => 0));
  for (const seed of view.predictions) {
    seed.forEach((said, i) => {
      const row = counts[samples.truths[i] as number];
      if (row !== undefined && said >= 0) row[said] = (row[said] ?? 0) + 1;
    });
  }
  return counts;
}

function matrix(classes: readonly string[], counts: readonly (readonly number[])[]): Markup {
  return html`<div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0"><table class="matrix">
<thead><tr><td class="corner"><span>it was ↓</span><span>it said →</span></td>${classes.map(
    (word) => html`<th scope="col"><span>${word}</span></th>`,
  )}</tr></thead>
<tbody>${classes.map((word, truth) => {
    const row = counts[truth] as readonly number[];
    const total = row.reduce((sum, n) => sum + n, 0);
    return html`<tr><th scope="row" title="${word}">${word}</th>${row.map((count, said) => cell(classes, truth, said, count, total))}</tr>`;
  })}</tbody></table></div>`;
}

function cell(
  classes: readonly string[],
  truth: number,
  said: number,
  count: number,
  total: number,
): Markup {
  if (count === 0) return html`<td class="zero">0</td>`;
  const share = Math.round((100 * count) / total);
  return html`<td class="${truth === said ? "right" : "wrong"}" style="--s:${share}"><button type="button" data-truth="${truth}" data-said="${said}" aria-label="It was ${classes[truth] ?? ""}, it said ${classes[said] ?? ""}: ${count} of ${total}, ${share} per cent">${count}<small data-share="${share} %"></small></button></td>`;
}

function mistakeList(classes: readonly string[], counts: readonly (readonly number[])[]): Markup {
  const mistakes = counts
    .flatMap((row, truth) => {
      const total = row.reduce((sum, n) => sum + n, 0);
      return row.map((count, said) => ({ truth, said, count, total }));
    })
    .filter(({ truth, said, count }) => truth !== said && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, LISTED_MISTAKES);
  return html`<p class="hint">${classes.length} classes: the ${mistakes.length} commonest mistakes.</p>
<table class="figures mistakes"><thead><tr><th scope="col">it was</th><th scope="col" class="word">it said</th><th scope="col">answers</th></tr></thead><tbody>${mistakes.map(
    ({ truth, said, count, total }) =>
      html`<tr><th scope="row">${classes[truth] ?? ""}</th><td class="word">${classes[said] ?? ""}</td>${cell(classes, truth, said, count, total)}</tr>`,
  )}</tbody></table>`;
}

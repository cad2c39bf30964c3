import { duration, percent, plural, quantity } from "../format.ts";
import type { CellRecord, ComparisonRecord, DataManifest, RecipeRecord } from "../records.ts";
import type { ReportContext } from "./context.ts";
import { type Content, html, type Markup } from "./markup.ts";

/** How every figure was obtained: enough to judge the numbers and to get them again. */
export function provenance({ comparison, summary }: ReportContext): Markup {
  const { data, cells } = comparison;
  const seeds = [...new Set(cells.map(({ seed }) => seed))];
  const environments = new Set(
    cells.map(
      ({ environment: { engine, threads, runtime } }) =>
        `${engine} core, ${plural(threads, "thread")}, ${runtime}`,
    ),
  );
  const facts: [string, Content][] = [
    ["Command", html`<code>${comparison.command}</code>`],
    ["Ran", whenItRan(comparison)],
    [
      "Data",
      html`${data.name}, hash <code>${data.hash}</code>; modalities: ${summary.modalities.join(", ")}`,
    ],
    ["Parts", data.splitRule],
    ["Seeds", seeds.join(", ")],
    ["Protocol", comparison.protocol],
    [
      "Test part",
      `These data's test part has been opened ${plural(comparison.testOpenings, "time")} so far, over all runs.`,
    ],
    [
      "Laziness",
      "Accuracy of a modality trained alone minus its accuracy inside a method, paired by seed. By head: the modality's own head, or a joint head with the others zeroed. By probe: a linear classifier fitted on the frozen encoder's training features, compared with the same probe of the lone encoder.",
    ],
    [
      "Spread",
      "Sample standard deviation over seeds. Differences in words are called clear if the 95 % t interval over seeds leaves 0 out.",
    ],
    [
      "Paired test",
      "Bootstrap with 5000 redraws of samples (variants of one thing together) and of seeds; two-sided; corrected by Holm. The baseline tested against is the one with the highest test mean, the strictest choice.",
    ],
    [
      "Versions",
      Object.entries(comparison.versions)
        .map(([name, v]) => `${name} ${v}`)
        .join(", "),
    ],
    ["Machine", [...environments].join("; ")],
  ];
  return html`<dl class="facts">${facts.map(([name, fact]) => html`<div><dt>${name}</dt><dd>${fact}</dd></div>`)}</dl>
${dataTable(data)}
${comparison.recipes.length > 0 && recipeTable(comparison.recipes)}
${cellTable(cells)}
<details><summary>Configuration</summary><pre>${JSON.stringify(comparison.config, null, 2)}</pre></details>
<h3>Licences and attribution</h3>
<ul class="licences">${data.licences.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function whenItRan({ started, ended, cells }: ComparisonRecord): string {
  const training = cells.reduce((sum, cell) => sum + cell.seconds, 0);
  const wall = ended === null ? null : (Date.parse(ended) - Date.parse(started)) / 1000;
  const took = wall === null ? "not ended" : `took ${duration(wall)}`;
  return `${started}, ${took}; ${duration(training)} of training in all cells together`;
}

function dataTable({ classes, counts }: DataManifest): Markup {
  const parts = Object.entries(counts);
  const total = (row: readonly number[]): number => row.reduce((sum, n) => sum + n, 0);
  return html`<details><summary>Samples: ${parts.map(([part, row]) => `${total(row)} ${part}`).join(", ")}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Samples by class and part"><table class="figures"><thead><tr><th scope="col">Class</th>${parts.map(([part]) => html`<th scope="col">${part}</th>`)}</tr></thead>
<tbody>${classes.map(
    (word, c) =>
      html`<tr><th scope="row">${word}</th>${parts.map(([, row]) => html`<td>${row[c] ?? 0}</td>`)}</tr>`,
  )}</tbody></table></div></details>`;
}

function recipeTable(recipes: readonly RecipeRecord[]): Markup {
  return html`<details><summary>Recipes: learning rates tried on validation data, and the one chosen</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Recipes"><table class="figures"><thead><tr><th scope="col">Method</th><th scope="col">learning rate</th><th scope="col">validation accuracy %</th><th scope="col">epoch</th><th scope="col">chosen</th></tr></thead>
<tbody>${recipes.flatMap(({ method, grid, selected }) =>
    grid.map(
      ({ learningRate, accuracy, epoch }) =>
        html`<tr><th scope="row">${method}</th><td>${learningRate}</td><td>${percent(accuracy)}</td><td>${epoch}</td><td>${learningRate === selected.learningRate ? `✓ epoch ${selected.epoch}` : ""}</td></tr>`,
    ),
  )}</tbody></table></div></details>`;
}

function cellTable(cells: readonly CellRecord[]): Markup {
  return html`<details><summary>Every trained cell</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Every trained cell"><table class="figures"><thead><tr><th scope="col">Method</th><th scope="col">seed</th><th scope="col">epochs</th><th scope="col">kept</th><th scope="col">fused test %</th><th scope="col">s</th><th scope="col">GFLOP</th><th scope="col">weights</th></tr></thead>
<tbody>${cells.map(
    (cell) =>
      html`<tr><th scope="row">${cell.method.label}${cell.interrupted && html` <span class="tag">stopped</span>`}</th><td>${cell.seed}</td><td>${cell.epochs.length}</td><td>${cell.selectedEpoch ?? "–"}</td><td>${cell.test?.fused ? percent(cell.test.fused.accuracy) : "–"}</td><td>${quantity(cell.seconds)}</td><td>${quantity(cell.flops / 1e9)}</td><td><code>${cell.weightsHash.slice(0, 12)}</code></td></tr>`,
  )}</tbody></table></div></details>`;
}

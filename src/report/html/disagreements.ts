import { exp } from "../../engine/math.ts";
import { logProbabilities, predictClasses } from "../../metrics/index.ts";
import { percent } from "../format.ts";
import { unpackFloats } from "../packed-floats.ts";
import type { CellRecord, TestRecord } from "../records.ts";
import { modalityColour, type ReportContext } from "./context.ts";
import { html, type Markup } from "./markup.ts";

const CARDS_PER_KIND = 6;

/** What one modality said about one sample. */
interface Voice {
  readonly modality: string;
  readonly said: number;
  /** Probability of what it said. */
  readonly sureness: number;
  /** Null where the fusion has no weights. */
  readonly weight: number | null;
}

/** A sample on which the modalities did not agree. */
interface Disagreement {
  /** Position in the report's index of samples. */
  readonly sample: number;
  readonly truth: number;
  readonly fused: number;
  readonly voices: readonly Voice[];
}

/** How often the modalities of one method disagreed, and who was right then. */
interface Disputes {
  readonly label: string;
  readonly seed: number;
  readonly samples: number;
  readonly studied: boolean;
  readonly list: readonly Disagreement[];
}

/** Disagreements of every method that fuses two or more modalities, in its first tested seed. */
export function findDisputes(context: ReportContext): Disputes[] {
  return [...context.groups].flatMap(([label, cells]) => {
    const cell = cells.find(
      ({ test }) => test?.fusedLogits && Object.keys(test.modalityLogits).length > 1,
    );
    if (cell?.test == null) return [];
    const { method, seed, test } = cell as CellRecord & { test: TestRecord };
    return [
      {
        label,
        seed,
        samples: test.ids.length,
        studied: !method.baseline && !method.yardstick,
        list: disagreementsOf(context, test),
      },
    ];
  });
}

function disagreementsOf(context: ReportContext, test: TestRecord): Disagreement[] {
  const classes = context.comparison.data.classes.length;
  const fused = predictClasses(unpackFloats(test.fusedLogits as string), classes);
  const heads = context.summary.modalities
    .filter((modality) => Object.hasOwn(test.modalityLogits, modality))
    .map((modality) => {
      const logits = unpackFloats(test.modalityLogits[modality] as string);
      const weights = test.fusionWeights?.[modality];
      return {
        modality,
        logits,
        said: predictClasses(logits, classes),
        logProbs: logProbabilities(logits, classes),
        weights: weights === undefined ? null : unpackFloats(weights),
      };
    });
  return test.ids.flatMap((id, i) => {
    const voices = heads
      .filter(({ logits }) => !Number.isNaN(logits[i * classes] as number))
      .map(({ modality, said, logProbs, weights }) => ({
        modality,
        said: said[i] as number,
        sureness: exp(logProbs[i * classes + (said[i] as number)] as number),
        weight: weights === null ? null : (weights[i] as number),
      }));
    if (new Set(voices.map(({ said }) => said)).size < 2) return [];
    const sample = context.samples.positions.get(id) as number;
    return [{ sample, truth: test.labels[i] as number, fused: fused[i] as number, voices }];
  });
}

/** The method whose disagreements are shown as cards: the first under study, else the first of all. */
function shownDispute(disputes: readonly Disputes[]): Disputes | undefined {
  return disputes.find(({ studied }) => studied) ?? disputes[0];
}

/** The surest disagreements, those that the fusion got right before those that it got wrong. */
export function shownDisagreements(disputes: readonly Disputes[]): Disagreement[] {
  const sureness = ({ voices }: Disagreement): number =>
    voices.reduce((sum, voice) => sum + voice.sureness, 0) / voices.length;
  const sorted = [...(shownDispute(disputes)?.list ?? [])].sort(
    (a, b) => sureness(b) - sureness(a),
  );
  const right = sorted.filter(({ truth, fused }) => truth === fused);
  const wrong = sorted.filter(({ truth, fused }) => truth !== fused);
  return [...right.slice(0, CARDS_PER_KIND), ...wrong.slice(0, CARDS_PER_KIND)];
}

/** A table of who was right when the modalities disagreed, then samples as cards. */
export function disagreementSection(context: ReportContext, disputes: readonly Disputes[]): Markup {
  const shown = shownDispute(disputes);
  if (shown === undefined) {
    return html`<p>No method here fuses two modalities that answer each for itself.</p>`;
  }
  const cards = shownDisagreements(disputes);
  const { modalities } = context.summary;
  return html`<p class="hint">First seed of each method. Of the samples on which the modalities said different things, the share on which each was right.</p>
<div class="scroll" role="region" aria-label="Who was right when the modalities disagreed" tabindex="0"><table class="figures">
<thead><tr><th scope="col">Method</th><th scope="col">disagreed on</th><th scope="col">fused right</th>${modalities.map(
    (modality) => html`<th scope="col">${modality} right</th>`,
  )}<th scope="col">none right</th></tr></thead>
<tbody>${disputes.map((dispute) => disputeRow(dispute, modalities))}</tbody></table></div>
<h3>Where the surest voices of ${shown.label} disagreed (seed ${shown.seed})</h3>
<ul class="cards">${cards.map((card) => sampleCard(context, card))}</ul>`;
}

function disputeRow({ label, samples, list }: Disputes, modalities: readonly string[]): Markup {
  const share = (right: (one: Disagreement) => boolean): string =>
    list.length === 0 ? "–" : `${percent(list.filter(right).length / list.length, 0)} %`;
  const spoke = (one: Disagreement, modality: string): boolean =>
    one.voices.some((voice) => voice.modality === modality && voice.said === one.truth);
  return html`<tr><th scope="row">${label}</th><td>${list.length} of ${samples}</td><td>${share((one) => one.fused === one.truth)}</td>${modalities.map(
    (modality) => html`<td>${share((one) => spoke(one, modality))}</td>`,
  )}<td>${share((one) => !one.voices.some(({ said }) => said === one.truth))}</td></tr>`;
}

function sampleCard(context: ReportContext, one: Disagreement): Markup {
  const { classes } = context.comparison.data;
  const word = (index: number): string => classes[index] ?? `class ${index}`;
  const right = one.fused === one.truth;
  return html`<li class="card"><div class="sample" data-sample="${one.sample}"><span class="id">${context.samples.ids[one.sample] ?? ""}</span></div>
<p class="truth">it was <b>${word(one.truth)}</b></p>
<ul class="voices">${one.voices.map(
    ({ modality, said, sureness, weight }) =>
      html`<li style="--c:${modalityColour(context, modality)}"><span class="who">${modality}</span> <span>${word(said)} <small>${percent(sureness, 0)} % sure${weight === null ? "" : `, weight ${weight.toFixed(2)}`}</small></span>${
        weight === null
          ? ""
          : html`<i class="weight" style="width:${Math.min(100, 100 * weight).toFixed(0)}%"></i>`
      }</li>`,
  )}</ul>
<p class="verdict ${right ? "hit" : "miss"}"><span aria-hidden="true">${right ? "✓" : "✗"}</span> fused: <b>${word(one.fused)}</b>${right ? "" : ", wrong"}</p></li>`;
}

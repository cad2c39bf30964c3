import type { Spread } from "../metrics/index.ts";
import { percent, pValue, signedPoints } from "./format.ts";
import type { MethodSummary, Summary } from "./summary.ts";

/** The result in words. */
export interface Headline {
  /** Who is lazy, and by how much. */
  readonly title: string;
  /** What else there is to say, one thing a sentence. */
  readonly sentences: readonly string[];
}

/** Gaps below this share are not worth a claim; from a single seed, without a deviation, twice as much is asked. */
const NOTABLE = 0.01;

interface Gap {
  readonly row: MethodSummary;
  readonly modality: string;
  readonly gap: Spread;
  /** Whether the gap is between probes, or else between heads. */
  readonly byProbe: boolean;
}

/** Says in words, from the figures alone, which modality is lazy where, and how the methods under study did. */
export function headline(summary: Summary): Headline {
  const gaps = summary.methods.flatMap((row) => gapsOf(row, summary.modalities));
  const worst = largest(gaps);
  const studied = summary.methods.filter((row) => !row.method.baseline && !row.method.yardstick);
  const best = largestFused(summary.methods);
  return {
    title: worst === null ? titleWithoutGaps(best) : lazinessTitle(worst, summary),
    sentences: [
      ...(worst === null ? [] : zeroingSentence(worst)),
      ...studied.flatMap((row) => keepingSentence(row, gapsOf(row, summary.modalities))),
      ...studied.flatMap(fusedSentence),
      ...(best === null || studied.includes(best) ? [] : [bestSentence(best)]),
      ...(worst !== null && worst.gap.n === 1
        ? ["All this is from one seed: how far seeds scatter is not known."]
        : []),
    ],
  };
}

/** Laziness of each modality in one method: by probe, or by head where there is no probe. */
function gapsOf(row: MethodSummary, modalities: readonly string[]): Gap[] {
  return modalities.flatMap((modality) => {
    const figures = row.modalities[modality];
    const gap = figures?.gapByProbe ?? figures?.gapByHead ?? null;
    return gap === null ? [] : [{ row, modality, gap, byProbe: figures?.gapByProbe !== null }];
  });
}

function largest(gaps: readonly Gap[]): Gap | null {
  return gaps.reduce<Gap | null>(
    (top, gap) => (top === null || gap.gap.mean > top.gap.mean ? gap : top),
    null,
  );
}

function largestFused(rows: readonly MethodSummary[]): MethodSummary | null {
  return rows.reduce<MethodSummary | null>((top, row) => {
    const mean = row.fused?.accuracy.mean ?? Number.NEGATIVE_INFINITY;
    return mean > (top?.fused?.accuracy.mean ?? Number.NEGATIVE_INFINITY) ? row : top;
  }, null);
}

/** A gap that is notable and, where there are several seeds, one whose interval leaves 0 out. */
function isClear({ gap }: Gap): boolean {
  return gap.low === null ? gap.mean >= 2 * NOTABLE : gap.mean >= NOTABLE && gap.low > 0;
}

/** Why a notable gap is not called clear. */
function withinSpread({ gap }: Gap): string {
  return gap.n === 1 ? "one seed cannot tell from chance" : "lies within the spread of the seeds";
}

function lazinessTitle(worst: Gap, summary: Summary): string {
  const { row, modality, gap, byProbe } = worst;
  if (!isClear(worst)) {
    return gap.mean < NOTABLE
      ? `No modality is lazy: none is ${percent(NOTABLE, 0)} point or more below itself trained alone.`
      : `No modality is clearly lazy: the largest gap, ${percent(gap.mean)} points for the ${modality} modality inside ${row.label}, ${withinSpread(worst)}.`;
  }
  const figures = row.modalities[modality];
  const inside = byProbe ? figures?.probe : figures?.head;
  const reads = byProbe ? "a probe on its encoder reads" : "its head reads";
  const others = summary.modalities.length > 1 ? "" : " (the only one here)";
  return `The ${modality} modality${others} is lazy inside ${row.label}: ${reads} ${percent(inside?.mean ?? 0)} %, ${percent(gap.mean)} points less than the same modality trained alone.`;
}

function titleWithoutGaps(best: MethodSummary | null): string {
  if (best === null) return "No method has been tested yet.";
  return `${best.label} has the best fused accuracy, ${percent(best.fused?.accuracy.mean ?? 0)} %; no modality was trained alone, so nothing can be said about laziness.`;
}

/** Zeroing the others' inputs to a joint head makes laziness look worse than it is. */
function zeroingSentence({ row, modality, gap, byProbe }: Gap): string[] {
  const figures = row.modalities[modality];
  const byHead = figures?.gapByHead ?? null;
  if (!byProbe || figures?.headKind !== "others-zeroed" || byHead === null) return [];
  if (byHead.mean <= gap.mean) return [];
  return [
    `Read by the joint head with the others zeroed the gap looks like ${percent(byHead.mean)} points, which overstates it.`,
  ];
}

function keepingSentence(row: MethodSummary, gaps: readonly Gap[]): string[] {
  const worst = largest(gaps);
  if (worst === null) return [];
  const list = gaps.map(({ modality, gap }) => `${modality} ${signedPoints(-gap.mean)}`).join(", ");
  if (worst.gap.mean < NOTABLE) {
    return [`Inside ${row.label} every modality is as good as trained alone (in points: ${list}).`];
  }
  const doubt = isClear(worst) ? "" : `, which ${withinSpread(worst)}`;
  return [
    `Inside ${row.label} the laziest is the ${worst.modality} modality, ${percent(worst.gap.mean)} points below itself alone${doubt} (in points: ${list}).`,
  ];
}

function fusedSentence(row: MethodSummary): string[] {
  if (row.fused === null) return [];
  const reached = `Fused, ${row.label} reaches ${percent(row.fused.accuracy.mean)} %`;
  const { test } = row;
  if (test === null) return [`${reached}.`];
  const difference = percent(Math.abs(test.difference));
  const verdict =
    Number(difference) === 0
      ? `exactly as much as the best baseline, ${test.against}`
      : `${difference} points ${test.difference > 0 ? "more" : "less"} than the best baseline, ${test.against}`;
  const weight =
    test.corrected < 0.05
      ? "more than chance explains"
      : "no more than these samples and seeds scatter by chance";
  return [`${reached}, ${verdict}: ${weight} (p = ${pValue(test.corrected)}, corrected).`];
}

function bestSentence(best: MethodSummary): string {
  return `The best fused accuracy is that of ${best.label}, ${percent(best.fused?.accuracy.mean ?? 0)} %.`;
}

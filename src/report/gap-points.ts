import { rankCorrelation, spreadOf } from "../metrics/index.ts";
import type { ComparisonRecord, GapPoint } from "./records.ts";
import { cellsUnder, groupByMethod } from "./summary.ts";

/** Distance between the modalities and fused accuracy of each method under the first protocol, means over seeds. */
export function gapPoints(comparison: Pick<ComparisonRecord, "cells">): GapPoint[] {
  return [...groupByMethod(cellsUnder(comparison))].flatMap(([label, cells]) => {
    const own = cells.flatMap(({ test }) =>
      test?.fused && test.modalityGap !== null
        ? [{ gap: test.modalityGap, accuracy: test.fused.accuracy }]
        : [],
    );
    if (own.length === 0) return [];
    return [
      {
        label,
        gap: spreadOf(own.map(({ gap }) => gap)).mean,
        accuracy: spreadOf(own.map(({ accuracy }) => accuracy)).mean,
      },
    ];
  });
}

/** Those of the comparison, then those of other runs for methods that it lacks. */
export function allGapPoints(comparison: ComparisonRecord): GapPoint[] {
  const own = gapPoints(comparison);
  const known = new Set(own.map(({ label }) => label));
  const others = comparison.gapPoints?.points ?? [];
  return [...own, ...others.filter(({ label }) => !known.has(label))];
}

/** The paper's claim is that a smaller distance between the modalities goes with higher accuracy: a negative correlation. */
export function gapSentence(comparison: ComparisonRecord): string {
  const points = allGapPoints(comparison);
  const correlation = rankCorrelation(
    points.map(({ gap }) => gap),
    points.map(({ accuracy }) => accuracy),
  );
  const gaps = points.map(({ label, gap }) => `${label} ${gap.toFixed(2)}`).join(", ");
  const source = comparison.gapPoints;
  return `Modality gap on complete data: ${gaps || "none"}. Rank correlation with fused accuracy over ${points.length} methods: ${correlation?.toFixed(2) ?? "none"}${source ? ` (with those of the run ${source.run})` : ""}.`;
}

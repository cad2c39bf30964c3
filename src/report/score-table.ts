import { markdownTable } from "../config/markdown.ts";
import { percentSpread } from "./format.ts";
import type { ComparisonRecord } from "./records.ts";
import { scoreRows } from "./score-rows.ts";
import { cellsUnder, groupByMethod } from "./summary.ts";

/**
 * Every score of every method as Markdown, one row a prediction: fused, each modality by its head, each missing pattern.
 *
 * @param label - of the protocol; default: the first one
 */
export function renderScoreTable(comparison: ComparisonRecord, label?: string): string {
  const groups = groupByMethod(cellsUnder(comparison, label));
  const rows = [...groups].flatMap(([method, cells]) =>
    scoreRows(method, cells, comparison.data.modalities).map(({ of, samples, scores, shapley }) => [
      method,
      of,
      String(samples),
      percentSpread(scores.accuracy),
      percentSpread(scores.macroF1),
      percentSpread(scores.meanAveragePrecision),
      scores.nll.mean.toFixed(3),
      percentSpread(scores.calibrationError),
      shapley === null ? "-" : percentSpread(shapley),
    ]),
  );
  const head = ["method", "of", "samples", "acc %", "F1 %", "mAP %", "NLL", "ECE %", "Shapley %"];
  return markdownTable(head, rows, 2);
}

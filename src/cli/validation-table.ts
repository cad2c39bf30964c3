import { spreadOf } from "../metrics/index.ts";
import { percentSpread } from "../report/format.ts";
import type { CellRecord } from "../report/index.ts";

/**
 * Validation accuracy of each method at the epochs that were kept: what there is to say while the test part is shut.
 * These epochs were chosen on the same data, so the figures flatter.
 */
export function renderValidationTable(cells: readonly CellRecord[]): string {
  const figures = new Map<string, Map<string, number[]>>();
  for (const { method, epochs, selectedEpoch } of cells) {
    const kept = epochs.find(({ epoch }) => epoch === selectedEpoch)?.validation;
    if (!kept) continue;
    const scores = Object.entries({ fused: kept.fused, ...kept.modalities });
    const row = figures.get(method.label) ?? new Map<string, number[]>();
    for (const [name, score] of scores) {
      if (score !== null) row.set(name, [...(row.get(name) ?? []), score.accuracy]);
    }
    figures.set(method.label, row);
  }
  const width = Math.max(0, ...[...figures.keys()].map((label) => label.length));
  const lines = [...figures].map(([label, row]) => {
    const texts = [...row].map(([name, values]) => `${name} ${percentSpread(spreadOf(values))}`);
    return `  ${label.padEnd(width)}  ${texts.join("  ")}\n`;
  });
  return `Validation accuracy in % at the epochs kept; the test part was not opened.\n${lines.join("")}`;
}

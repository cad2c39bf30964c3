import { markdownTable } from "../config/markdown.ts";
import { spreadOf } from "../metrics/index.ts";
import { percent, percentSpread } from "./format.ts";
import type { CellRecord, ComparisonRecord } from "./records.ts";
import { groupByMethod, protocolsOf } from "./summary.ts";

/**
 * Accuracy of every method under every protocol as Markdown: fused, and each modality by its head, mean±deviation over
 * seeds; the share of pairs that was really missing. Empty if there is one protocol alone.
 */
export function renderProtocolTables(comparison: ComparisonRecord): string {
  const protocols = protocolsOf(comparison);
  if (protocols.length < 2) return "";
  const groups = groupByMethod(comparison.cells);
  const table = (title: string, read: (cell: CellRecord) => number | undefined) => {
    const rows = [...groups].map(([label, cells]) => {
      const figures = protocols.map(({ label: protocol }) => {
        const values = cells
          .filter((cell) => cell.protocol.label === protocol)
          .flatMap((cell) => read(cell) ?? []);
        return values.length === 0 ? "-" : percentSpread(spreadOf(values));
      });
      return [label, ...figures];
    });
    return markdownTable([title, ...protocols.map(missingWords(comparison))], rows);
  };
  const { modalities } = comparison.data;
  return `${[
    table("fused accuracy, %", ({ test }) => test?.fused?.accuracy),
    ...modalities.map((m) =>
      table(`${m} by its head, %`, ({ test }) => test?.modalities[m]?.head.accuracy),
    ),
  ].join("\n\n")}\n`;
}

function missingWords({ cells }: ComparisonRecord) {
  return ({ label }: { readonly label: string }): string => {
    const test = cells.find(({ protocol, test: t }) => protocol.label === label && t)?.test;
    return test?.missing ? `${label} (${percent(test.missing)} % of the test pairs)` : label;
  };
}

import { rankCorrelation, spreadOf } from "../metrics/index.ts";
import { percent, percentSpread } from "./format.ts";
import type { CellRecord, ComparisonRecord } from "./records.ts";
import { groupByMethod, protocolsOf } from "./summary.ts";

/**
 * Accuracy of every method under every protocol as Markdown: fused, and each modality by its head, mean±deviation over
 * seeds; the share of pairs that was really missing; and how the modality gap ranks with accuracy.
 */
export function renderProtocolTables(comparison: ComparisonRecord): string {
  const protocols = protocolsOf(comparison);
  const groups = groupByMethod(comparison.cells);
  const table = (title: string, read: (cell: CellRecord) => number | undefined) => {
    const rows = [...groups].map(([label, cells]) => {
      const figures = protocols.map(({ label: protocol }) => {
        const values = cells
          .filter((cell) => cell.protocol.label === protocol)
          .flatMap((cell) => read(cell) ?? []);
        return values.length === 0 ? "-" : percentSpread(spreadOf(values));
      });
      return line([label, ...figures]);
    });
    const head = line([title, ...protocols.map(missingWords(comparison))]);
    return [head, `| --- |${" ---: |".repeat(protocols.length)}`, ...rows].join("\n");
  };
  const { modalities } = comparison.data;
  return `${[
    table("fused accuracy, %", ({ test }) => test?.fused?.accuracy),
    ...modalities.map((m) =>
      table(`${m} by its head, %`, ({ test }) => test?.modalities[m]?.head.accuracy),
    ),
    gapSentence(groups, protocols[0]?.label),
  ].join("\n\n")}\n`;
}

function missingWords({ cells }: ComparisonRecord) {
  return ({ label }: { readonly label: string }): string => {
    const test = cells.find(({ protocol, test: t }) => protocol.label === label && t)?.test;
    return test?.missing ? `${label} (${percent(test.missing)} % of the test pairs)` : label;
  };
}

/** The paper's claim is that a smaller distance between the modalities goes with higher accuracy: a negative correlation. */
function gapSentence(
  groups: ReadonlyMap<string, readonly CellRecord[]>,
  protocol: string | undefined,
): string {
  const points = [...groups].flatMap(([label, cells]) => {
    const own = cells.flatMap(({ protocol: p, test }) =>
      p.label === protocol && test?.fused && test.modalityGap !== null
        ? [{ gap: test.modalityGap, accuracy: test.fused.accuracy }]
        : [],
    );
    if (own.length === 0) return [];
    const mean = (values: readonly number[]) => spreadOf(values).mean;
    return [
      { label, gap: mean(own.map(({ gap }) => gap)), accuracy: mean(own.map((p) => p.accuracy)) },
    ];
  });
  const correlation = rankCorrelation(
    points.map(({ gap }) => gap),
    points.map(({ accuracy }) => accuracy),
  );
  const gaps = points.map(({ label, gap }) => `${label} ${gap.toFixed(2)}`).join(", ");
  return `Modality gap on complete data: ${gaps || "none"}. Rank correlation with fused accuracy over ${points.length} methods: ${correlation?.toFixed(2) ?? "none"}.`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|<>&*_`\\[\]]/g, " ")).join(" | ")} |`;
}

import { gapSentence } from "./gap-points.ts";
import { renderProtocolTables } from "./protocol-table.ts";
import type { ComparisonRecord } from "./records.ts";
import { renderScoreTable } from "./score-table.ts";
import { protocolsOf, summarise } from "./summary.ts";
import { renderMarkdownTable } from "./table.ts";

/** The answer to a question as Markdown: the result table, every protocol beside the others, every score, the gaps. */
export function renderAnswer(title: string, comparison: ComparisonRecord): string {
  const { command, data, cells, protocol, versions } = comparison;
  const seeds = [...new Set(cells.map(({ seed }) => seed))];
  const facts = [
    `\`${command}\``,
    `Data: ${data.name}, hash ${data.hash.slice(0, 16)}. Seeds: ${seeds.join(", ")}. Versions: ${Object.entries(
      versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    protocol,
  ];
  const patterns = protocolsOf(comparison)
    .slice(1)
    .filter(({ label }) => cells.some((cell) => isUnder(cell, label) && hasPatterns(cell)))
    .map(({ label }) => `## Every score under ${label}\n\n${renderScoreTable(comparison, label)}`);
  return `${[
    `# ${title[0]?.toUpperCase()}${title.slice(1)}: ${data.name}`,
    ...facts,
    renderMarkdownTable(summarise(comparison)).trimEnd(),
    renderProtocolTables(comparison).trimEnd(),
    gapSentence(comparison),
    `## Every score\n\n${renderScoreTable(comparison)}`,
    ...patterns,
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

type Cell = ComparisonRecord["cells"][number];

function isUnder({ protocol }: Cell, label: string): boolean {
  return protocol.label === label;
}

function hasPatterns({ test }: Cell): boolean {
  return (test?.patterns.length ?? 0) > 1;
}

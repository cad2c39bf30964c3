import { markdownTable } from "../config/markdown.ts";
import type { Spread } from "../metrics/index.ts";
import { percent, percentSpread, plural, pValue, quantity, signedPoints } from "./format.ts";
import type { MethodSummary, Summary } from "./summary.ts";

/** Widest line of the plain-text table, in characters. */
export const TABLE_WIDTH = 100;
const NONE = "-";

interface Column {
  readonly title: string;
  readonly cell: (row: MethodSummary) => string;
}

/** Columns that stay together on one line, under one heading. */
interface ColumnGroup {
  readonly heading: string;
  readonly columns: readonly Column[];
}

function columnGroups(summary: Summary): ColumnGroup[] {
  return [
    {
      heading: "fused",
      columns: [
        { title: "acc %", cell: (row) => spread(row.fused?.accuracy) },
        { title: "F1 %", cell: (row) => spread(row.fused?.macroF1) },
      ],
    },
    ...summary.modalities.map((modality) => ({
      heading: printable(modality),
      columns: [
        { title: "head %", cell: (row: MethodSummary) => spread(row.modalities[modality]?.head) },
        { title: "probe %", cell: (row: MethodSummary) => spread(row.modalities[modality]?.probe) },
        { title: "gap", cell: (row: MethodSummary) => gaps(row, modality) },
      ],
    })),
    {
      heading: "cost",
      columns: [
        { title: "s", cell: (row) => quantity(row.seconds.mean) },
        { title: "GFLOP", cell: (row) => quantity(row.gflops.mean) },
      ],
    },
  ];
}

function spread(value: Spread | null | undefined): string {
  return value ? percentSpread(value) : NONE;
}

/** Gap by head and by probe, in points. */
function gaps(row: MethodSummary, modality: string): string {
  const { gapByHead = null, gapByProbe = null } = row.modalities[modality] ?? {};
  if (gapByHead === null) return NONE;
  return `${percent(gapByHead.mean)}/${gapByProbe === null ? NONE : percent(gapByProbe.mean)}`;
}

/** A name without control characters: a terminal would obey them. */
function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, " ");
}

/** The method's label, with a star if a seed was stopped early. */
function rowLabel(row: MethodSummary): string {
  return printable(row.label) + (row.interruptedSeeds.length > 0 ? "*" : "");
}

/** Lines under either table: how to read it, and the paired tests. */
function notes(summary: Summary): string[] {
  const kinds = summary.methods.flatMap((row) =>
    Object.values(row.modalities).map((modality) => modality.headKind),
  );
  const seeds = Math.max(0, ...summary.methods.map((row) => row.seeds.length));
  const lines = [
    `Test accuracy and macro-F1 in %, mean±deviation over ${plural(seeds, "seed")}.`,
    "Gap: points below itself trained alone, by head/by probe.",
  ];
  if (kinds.includes("others-zeroed")) {
    lines.push("A joint head is read with the other modalities zeroed.");
  }
  if (summary.methods.some((row) => row.interruptedSeeds.length > 0)) {
    lines.push("* stopped before its last epoch: figures of the best epoch so far.");
  }
  for (const { label, test } of summary.methods) {
    if (test === null) continue;
    const interval = `[${signedPoints(test.low)}, ${signedPoints(test.high)}]`;
    lines.push(
      `${printable(label)} against ${printable(test.against)} (best baseline): ${signedPoints(test.difference)} points ${interval}, p = ${pValue(test.corrected)} (Holm)`,
    );
  }
  return lines;
}

/**
 * The result table for a terminal, at most 100 characters wide: where the modalities do not fit side by side, the
 * table goes on below with the method's name repeated.
 */
export function renderTextTable(summary: Summary): string {
  const labels = ["method", ...summary.methods.map(rowLabel)];
  const labelWidth = Math.max(...labels.map(length));
  const blocks: string[][][] = [];
  let room = 0;
  for (const group of columnGroups(summary)) {
    const lines = renderGroup(group, summary.methods);
    const width = length(lines[0] as string) + 2;
    if (blocks.length === 0 || room < width) {
      blocks.push([]);
      room = TABLE_WIDTH - labelWidth;
    }
    blocks[blocks.length - 1]?.push(lines);
    room -= width;
  }
  const side = ["", ...labels].map((label) => label + " ".repeat(labelWidth - length(label)));
  const tables = blocks.map((groups) =>
    side
      .map((label, i) => [label, ...groups.map((lines) => lines[i])].join("  ").trimEnd())
      .join("\n"),
  );
  return `${tables.join("\n\n")}\n\n${notes(summary).join("\n")}\n`;
}

/** Heading, titles and one line a method, all equally long. */
function renderGroup(group: ColumnGroup, rows: readonly MethodSummary[]): string[] {
  const columns = group.columns.map(({ title, cell }) => {
    const texts = [title, ...rows.map(cell)];
    const width = Math.max(...texts.map(length));
    return texts.map((text) => " ".repeat(width - length(text)) + text);
  });
  const lines = ["", ...rows.map(() => "")].map((_, i) =>
    columns.map((column) => column[i]).join(" "),
  );
  const width = Math.max(length(group.heading), length(lines[0] as string));
  const fill = width - length(group.heading);
  const heading =
    fill < 2 ? group.heading + " ".repeat(fill) : `${group.heading} ${"─".repeat(fill - 1)}`;
  return [heading, ...lines.map((line) => " ".repeat(width - length(line)) + line)];
}

/** Characters, not UTF-16 units. */
function length(text: string): number {
  return [...text].length;
}

/** The result table as Markdown: one table however many modalities, then the notes as a list. */
export function renderMarkdownTable(summary: Summary): string {
  const columns = columnGroups(summary).flatMap(({ heading, columns: inGroup }) =>
    inGroup.map(({ title, cell }) => ({ title: `${heading} ${title}`, cell })),
  );
  const head = ["method", ...columns.map(({ title }) => title)];
  const rows = summary.methods.map((row) => [
    rowLabel(row),
    ...columns.map(({ cell }) => cell(row)),
  ]);
  return [
    markdownTable(head, rows),
    "",
    ...notes(summary).map(
      (note) => `- ${note.replace(/[<>]/g, (c) => (c === "<" ? "&lt;" : "&gt;"))}`,
    ),
    "",
  ].join("\n");
}

/** Rows of cells as text for a terminal and as Markdown; a row of fewer cells than the first is left open. */

export function textTable(cells: readonly (readonly string[])[]): string {
  const columns = cells[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(
      ...cells.filter((row) => row.length === columns).map((row) => row[column]?.length ?? 0),
    ),
  );
  const first = Math.max(...cells.map((row) => (row.length > 1 ? (row[0]?.length ?? 0) : 0)));
  return cells
    .map((row) => {
      if (row.length === 1) return `\n${row[0]}`;
      const [name = "", ...rest] = row;
      const padded = rest.map((cell, i) =>
        row.length === columns ? cell.padStart(widths[i + 1] ?? 0) : cell,
      );
      return `  ${[name.padEnd(first), ...padded].join("  ")}`.trimEnd();
    })
    .join("\n");
}

export function markdownTable(cells: readonly (readonly string[])[]): string {
  const [headings = [], ...rows] = cells;
  const line = (row: readonly string[]): string =>
    `| ${headings.map((_, column) => row[column] ?? "").join(" | ")} |`;
  const ruler = `| ${headings.map((_, column) => (column === 0 ? "---" : "---:")).join(" | ")} |`;
  const body = rows.map((row) => (row.length === 1 ? line([`**${row[0]}**`]) : line(row)));
  return [line(headings), ruler, ...body].join("\n");
}

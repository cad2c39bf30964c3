/**
 * A Markdown table; names in it can neither end a cell nor be read as markup.
 *
 * @param texts - columns of text, to the left
 * @param write - what a cell becomes; for cells that are Markdown already: {@link keepMarkup}
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
  write: (cell: string) => string = escapeMarkdown,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(write).join(" | ")} |`;
  const rule = head.map((_, i) => (i < texts ? "---" : "---:"));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** Markdown that stays within its cell. */
export function keepMarkup(markdown: string): string {
  return markdown.replaceAll("|", "\\|");
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/\p{Cc}/gu, " ")
    .replace(/[\\|*_`[\]]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;");
}

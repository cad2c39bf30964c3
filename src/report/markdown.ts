/** A Markdown table; names in it can neither end a cell nor be read as markup. @param texts - columns of text, to the left */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const rule = head.map((_, i) => (i < texts ? "---" : "---:"));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/\p{Cc}/gu, " ")
    .replace(/[\\|*_`[\]]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;");
}

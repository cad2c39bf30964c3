/** Tables of options for the docs. */
import { describeOption, type OptionSpec } from "./options.ts";

/** An option with its default and range, in Markdown. */
export function optionUse(key: string, spec: OptionSpec): string {
  return `\`${key}\` = ${JSON.stringify(spec.default)} (${describeOption(spec)})`;
}

/** A Markdown table. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

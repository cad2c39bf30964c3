/** Options for the docs. */
import { describeOption, type OptionSpec } from "./options.ts";

/** An option with its default and range, in Markdown. */
export function optionUse(key: string, spec: OptionSpec): string {
  return `\`${key}\` = ${JSON.stringify(spec.default)} (${describeOption(spec)})`;
}

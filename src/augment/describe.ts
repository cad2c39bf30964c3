/** What each augmentation is, for the docs: derived from the definitions. */
import { keepMarkup, markdownTable } from "../config/markdown.ts";
import { optionUse } from "../config/option-use.ts";
import type { OptionSpecs } from "../config/options.ts";
import * as augmentations from "./index.ts";

/** A Markdown table of all augmentations. */
export function augmentationTable(): string {
  const rows = Object.values(augmentations).map(({ definition }) => {
    const options: OptionSpecs = definition.options;
    return [
      `\`${definition.name}\``,
      definition.title,
      Object.entries(options)
        .map(([key, spec]) => `${optionUse(key, spec)}: ${spec.doc}`)
        .join("<br>"),
    ];
  });
  return markdownTable(["augmentation", "what it does", "options"], rows, 3, keepMarkup);
}

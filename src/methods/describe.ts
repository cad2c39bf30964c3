/** What each method is, for the command line and the docs: derived from the definitions. */
import { keepMarkup, markdownTable } from "../config/markdown.ts";
import { optionUse } from "../config/option-use.ts";
import type { OptionSpec, OptionSpecs } from "../config/options.ts";
import type { MethodDefinition } from "./method.ts";
import { METHODS } from "./registry.ts";

export interface MethodDescription {
  readonly name: string;
  readonly title: string;
  /** Paper or origin. */
  readonly source: string;
  /** Name of the method that is trained first, or null. */
  readonly startsFrom: string | null;
  readonly options: OptionSpecs;
  readonly baseline: boolean;
  /** What it is a remedy for, or null. */
  readonly against: NonNullable<MethodDefinition["against"]> | null;
}

/** An option that so many methods have in common is told once, apart. */
const SHARED_BY = 2;

/** Every method in the order of names. */
export function describeMethods(): MethodDescription[] {
  return Object.values(METHODS)
    .map(({ name, title, source, startsFrom, leastModalities = 1, options, ...more }) => ({
      name,
      title: leastModalities > 1 ? `${title} (${leastModalities} modalities or more)` : title,
      source,
      startsFrom: startsFrom?.name ?? null,
      options: options as OptionSpecs,
      baseline: more.baseline ?? false,
      against: more.against ?? null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A Markdown table of all methods, and one of the options that several have in common. */
export function methodTables(): string {
  const methods = describeMethods();
  const users = new Map<OptionSpec, { key: string; names: string[] }>();
  for (const { name, options } of methods) {
    for (const [key, spec] of Object.entries(options)) {
      const entry = users.get(spec) ?? { key, names: [] };
      users.set(spec, { key, names: [...entry.names, name] });
    }
  }
  const isShared = (spec: OptionSpec) => (users.get(spec)?.names.length ?? 0) >= SHARED_BY;
  const rows = methods.map(({ name, title, source, startsFrom, options }) => {
    const own = Object.entries(options).filter(([, spec]) => !isShared(spec));
    const common = Object.entries(options).filter(([, spec]) => isShared(spec));
    const cells = own.map(([key, spec]) => `${optionUse(key, spec)}: ${spec.doc}`);
    if (common.length > 0) cells.push(common.map(([key]) => `\`${key}\``).join(", "));
    const what = startsFrom === null ? title : `${title}; after \`${startsFrom}\``;
    return [`\`${name}\``, what, source, cells.join("<br>")];
  });
  const shared = [...users]
    .filter(([spec]) => isShared(spec))
    .map(([spec, { key, names }]) => [optionUse(key, spec), spec.doc, names.join(", ")]);
  return [
    table(["method", "what it does", "source", "options"], rows),
    "Options of several methods:",
    table(["option", "meaning", "of"], shared),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows, head.length, keepMarkup);
}

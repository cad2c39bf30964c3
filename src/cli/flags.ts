/** Flags of commands, as data: help, checks and values derive from them, as for the options of parts. */
import { parseArgs } from "node:util";
import {
  describeOption,
  type NumberOption,
  type OptionSpec,
  type OptionValues,
  parseOption,
  resolveOptions,
} from "../config/options.ts";
import { formatNames, OptionError } from "../engine/errors.ts";

export interface TextFlag<D extends string | null = string | null> {
  readonly kind: "text";
  /** Null: none. */
  readonly default: D;
  /** What stands for the value in the help. */
  readonly value: string;
  readonly doc: string;
}

/** Names or texts, separated by commas. */
export interface ListFlag {
  readonly kind: "list";
  readonly default: readonly string[];
  readonly value: string;
  readonly doc: string;
}

/** A number that has no default of its own. */
export interface MaybeFlag {
  readonly kind: "maybe";
  readonly spec: NumberOption;
}

export type FlagSpec = OptionSpec | TextFlag | ListFlag | MaybeFlag;
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export type FlagValue<F extends FlagSpec> =
  F extends TextFlag<infer D>
    ? D | string
    : F extends ListFlag
      ? readonly string[]
      : F extends MaybeFlag
        ? number | undefined
        : F extends OptionSpec
          ? OptionValues<{ value: F }>["value"]
          : never;

export type FlagValues<S extends FlagSpecs> = { readonly [K in keyof S]: FlagValue<S[K]> };

export function text<D extends string | null>(
  value: string,
  fallback: D,
  doc: string,
): TextFlag<D> {
  return { kind: "text", default: fallback, value, doc };
}

export function list(value: string, fallback: readonly string[], doc: string): ListFlag {
  return { kind: "list", default: fallback, value, doc };
}

export function maybe(spec: NumberOption): MaybeFlag {
  return { kind: "maybe", spec };
}

export interface ParsedArguments {
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's arguments.
 *
 * @throws {OptionError} for an unknown flag (the valid ones are listed), a missing value or one out of range
 */
export function parseFlags(
  command: string,
  argv: readonly string[],
  specs: FlagSpecs,
): ParsedArguments {
  const names = Object.keys(specs);
  const options = Object.fromEntries(
    names.map((name) => [name, { type: isSwitch(specs[name]) ? "boolean" : "string" } as const]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, unknown> = Object.fromEntries(
    names.map((name) => [name, defaultOf(specs[name] as FlagSpec)]),
  );
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) {
      throw new OptionError(
        `${command}: Cannot find option "${token.rawName}": expected one of ${formatNames(names.map((name) => `--${name}`))}`,
      );
    }
    values[token.name] = readValue(command, token.name, spec, token.value, token.inlineValue);
    given.add(token.name);
  }
  return { values, given, positionals };
}

/** Whether the flag stands alone; flags of methods that are true by default take `true` or `false`. */
function isSwitch(spec: FlagSpec | undefined): boolean {
  return spec?.kind === "flag" && spec.default === false;
}

function defaultOf(spec: FlagSpec): unknown {
  return spec.kind === "maybe" ? undefined : spec.default;
}

function readValue(
  command: string,
  name: string,
  spec: FlagSpec,
  value: string | undefined,
  inline: boolean | undefined,
): unknown {
  if (isSwitch(spec) && value === undefined) return true;
  // Without "=" the next argument is the value, and a flag is none.
  if (value === undefined || (!inline && value.startsWith("--"))) {
    throw new OptionError(
      `${command}: Cannot set option "--${name}": expected ${describeFlag(spec)}, got no value`,
    );
  }
  if (spec.kind === "text") return value;
  if (spec.kind === "list") {
    return value.split(",").map((entry) => entry.trim());
  }
  const option = spec.kind === "maybe" ? spec.spec : spec;
  const key = `--${name}`;
  const parsed = parseOption(option, value);
  const shown = typeof parsed === "number" && Number.isNaN(parsed) ? value : parsed;
  return (resolveOptions(command, { [key]: option }, { [key]: shown }) as Record<string, unknown>)[
    key
  ];
}

/** What a flag takes, in words. */
export function describeFlag(spec: FlagSpec): string {
  if (spec.kind === "text") return spec.value;
  if (spec.kind === "list") return `${spec.value}, separated by commas`;
  return describeOption(spec.kind === "maybe" ? spec.spec : spec);
}

/** One line of help per flag. */
export function flagHelp(specs: FlagSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => [flagUse(name, spec), flagDoc(spec)]);
  const width = Math.min(30, Math.max(...rows.map(([use = ""]) => use.length)));
  return rows
    .map(([use = "", doc]) =>
      use.length > width
        ? `  ${use}\n  ${" ".repeat(width)}  ${doc}`
        : `  ${use.padEnd(width)}  ${doc}`,
    )
    .join("\n");
}

function flagUse(name: string, spec: FlagSpec): string {
  if (isSwitch(spec)) return `--${name}`;
  switch (spec.kind) {
    case "text":
      return `--${name} ${spec.value}`;
    case "list":
      return `--${name} ${spec.value},...`;
    case "choice":
      return `--${name} ${spec.choices.join("|")}`;
    case "flag":
      return `--${name} true|false`;
    case "integers":
      return `--${name} N,...`;
    case "names":
      return `--${name} NAME,...`;
    case "record":
      return `--${name} NAME=X,...`;
    default:
      return `--${name} ${(spec.kind === "maybe" ? spec.spec : spec).kind === "integer" ? "N" : "X"}`;
  }
}

function flagDoc(spec: FlagSpec): string {
  if (spec.kind === "maybe") return spec.spec.doc;
  const { default: value } = spec;
  const shown = Array.isArray(value)
    ? value.join(",")
    : typeof value === "object"
      ? ""
      : String(value);
  return shown === "" || isSwitch(spec) ? spec.doc : `${spec.doc} (default ${shown})`;
}

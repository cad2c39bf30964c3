/**
 * Options as data: each has a default, a range and one line of documentation, from which its TypeScript type, the
 * checks, the command-line flags, the help and the tables of the docs derive.
 */
import { formatNames, OptionError } from "../engine/errors.ts";

export interface NumberOption {
  readonly kind: "number" | "integer";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly doc: string;
}

export interface IntegersOption {
  readonly kind: "integers";
  readonly default: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly doc: string;
}

/** A list of names, as those of parameters. */
export interface NamesOption {
  readonly kind: "names";
  readonly default: readonly string[];
  readonly doc: string;
}

/** Numbers by name, as one weight per modality. */
export interface RecordOption {
  readonly kind: "record";
  readonly default: Readonly<Record<string, number>>;
  readonly min: number;
  readonly max: number;
  readonly doc: string;
}

export interface ChoiceOption<C extends string = string> {
  readonly kind: "choice";
  readonly default: C;
  readonly choices: readonly C[];
  readonly doc: string;
}

export interface FlagOption {
  readonly kind: "flag";
  readonly default: boolean;
  readonly doc: string;
}

export type OptionSpec =
  | NumberOption
  | IntegersOption
  | NamesOption
  | RecordOption
  | ChoiceOption
  | FlagOption;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values that a set of specs describes. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends ChoiceOption<infer C>
    ? C
    : S[K] extends FlagOption
      ? boolean
      : S[K] extends IntegersOption
        ? readonly number[]
        : S[K] extends NamesOption
          ? readonly string[]
          : S[K] extends RecordOption
            ? Readonly<Record<string, number>>
            : number;
};

interface Range {
  readonly min?: number;
  readonly max?: number;
}

export function number(
  value: number,
  doc: string,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Range = {},
): NumberOption {
  return { kind: "number", default: value, min, max, doc };
}

export function integer(
  value: number,
  doc: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: Range = {},
): NumberOption {
  return { kind: "integer", default: value, min, max, doc };
}

/** A list of integers, as the widths of hidden layers. */
export function integers(
  value: readonly number[],
  doc: string,
  { min = 1, max = Number.MAX_SAFE_INTEGER }: Range = {},
): IntegersOption {
  return { kind: "integers", default: value, min, max, doc };
}

/** A list of names; empty by default. */
export function names(doc: string): NamesOption {
  return { kind: "names", default: [], doc };
}

/** Numbers by name; empty by default. */
export function record(doc: string, { min = 0, max = Number.MAX_VALUE }: Range = {}): RecordOption {
  return { kind: "record", default: {}, min, max, doc };
}

export function choice<const C extends string>(
  choices: readonly C[],
  value: NoInfer<C>,
  doc: string,
): ChoiceOption<C> {
  return { kind: "choice", default: value, choices, doc };
}

export function flag(value: boolean, doc: string): FlagOption {
  return { kind: "flag", default: value, doc };
}

/**
 * The given values with the defaults of those left out.
 *
 * @throws {OptionError} for an unknown option (the valid ones are listed) or a value out of range
 */
export function resolveOptions<S extends OptionSpecs>(
  where: string,
  specs: S,
  given: Readonly<Record<string, unknown>> = {},
): OptionValues<S> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      const valid = Object.keys(specs);
      throw new OptionError(
        `${where}: Cannot find option "${name}": expected ${valid.length > 0 ? `one of ${formatNames(valid)}` : "no options"}`,
      );
    }
  }
  const values = Object.entries(specs).map(([name, spec]) => {
    const value = given[name] ?? spec.default;
    if (!isValid(spec, value)) {
      throw new OptionError(
        `${where}: Cannot set option "${name}": expected ${describeOption(spec)}, got ${typeof value === "number" ? value : JSON.stringify(value)}`,
      );
    }
    return [name, value];
  });
  return Object.fromEntries(values);
}

function isValid(spec: OptionSpec, value: unknown): boolean {
  switch (spec.kind) {
    case "flag":
      return typeof value === "boolean";
    case "choice":
      return spec.choices.includes(value as string);
    case "integers":
      return Array.isArray(value) && value.every((v) => isWithin(spec, v) && Number.isInteger(v));
    case "names":
      return Array.isArray(value) && value.every((v) => typeof v === "string" && v !== "");
    case "record":
      return isRecord(value) && Object.values(value).every((v) => isWithin(spec, v));
    case "integer":
      return isWithin(spec, value) && Number.isInteger(value);
    case "number":
      return isWithin(spec, value);
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWithin({ min, max }: Required<Range>, value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= min && (value as number) <= max;
}

/** What an option takes, in words: `a number >= 0`, `one of "a", "b"`. */
export function describeOption(spec: OptionSpec): string {
  switch (spec.kind) {
    case "flag":
      return "true or false";
    case "choice":
      return `one of ${formatNames(spec.choices)}`;
    case "integers":
      return `whole numbers${describeRange(spec)}`;
    case "names":
      return "a list of names";
    case "record":
      return `numbers${describeRange(spec)} by name`;
    case "integer":
      return `a whole number${describeRange(spec)}`;
    case "number":
      return `a number${describeRange(spec)}`;
  }
}

function describeRange({ min, max }: Required<Range>): string {
  const bounded = max < Number.MAX_SAFE_INTEGER;
  if (min > Number.MIN_SAFE_INTEGER) return bounded ? ` from ${min} to ${max}` : ` >= ${min}`;
  return bounded ? ` <= ${max}` : "";
}

/**
 * The value of an option from the text of a command-line flag; the range is checked by {@link resolveOptions}.
 */
export function parseOption(spec: OptionSpec, text: string): unknown {
  switch (spec.kind) {
    case "flag":
      return text === "true" ? true : text === "false" ? false : text;
    case "choice":
      return text;
    case "integers":
      return text === "" ? [] : text.split(",").map(Number);
    case "names":
      return text === "" ? [] : text.split(",").map((name) => name.trim());
    case "record":
      return Object.fromEntries(
        text.split(",").map((pair) => {
          const [name = "", value = ""] = pair.split("=");
          return [name.trim(), value.trim() === "" ? Number.NaN : Number(value)];
        }),
      );
    case "integer":
    case "number":
      return text.trim() === "" ? Number.NaN : Number(text);
  }
}

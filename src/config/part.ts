/**
 * Parts that are chosen by name: encoders, fusion rules, methods, optimizers. A part is defined once, with its options;
 * the part is called to configure it: `mla({ alpha: 0.1 })` gives `{ name: "mla", options: {...} }`, which is JSON.
 *
 * A configuration remembers its part beside that JSON, so that code which configures a part needs no registry, and a
 * bundle holds the parts that are used and no others. JSON from elsewhere (a model file, a recipe, a message) has only
 * the name: {@link bindPart} finds the part among those that the caller knows.
 */
import { formatNames, OptionError } from "../engine/errors.ts";
import { type OptionSpecs, type OptionValues, resolveOptions } from "./options.ts";

/** Where a configuration keeps its part; a symbol, so that no JSON can bring one. */
const PART: unique symbol = Symbol.for("altermodal.part");

/** A configured part: its name and all its options. */
export interface PartConfig {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PartDefinition<S extends OptionSpecs> {
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  readonly options: S;
}

/** Any part, its options forgotten. */
export interface AnyPart {
  /** What it can be used as: `"encoder"`, `"fusion"`, `"method"`, ... */
  readonly kind: string;
  readonly definition: {
    readonly name: string;
    /** Parts that come with it: what it uses unless the user says otherwise. */
    readonly fusion?: PartConfig | null;
    readonly startsFrom?: AnyPart["definition"];
  };
}

export interface Part<S extends OptionSpecs, D> {
  /** Configures the part. @throws {OptionError} for unknown options or values out of range */
  (options?: Partial<OptionValues<S>>): PartConfig;
  readonly kind: string;
  readonly definition: D;
}

/** Makes a part of a definition; each kind of part wraps this with its own type of definition. */
export function definePart<S extends OptionSpecs, D extends PartDefinition<S>>(
  kind: string,
  definition: D,
): Part<S, D> {
  const { name, options: specs } = definition;
  const configure = (options: Partial<OptionValues<S>> = {}): PartConfig =>
    attach({ name, options: resolveOptions(name, specs, options) }, part);
  const part = Object.assign(configure, { kind, definition });
  return part;
}

/**
 * The configuration with its part: the one that it was made by, or the one of its name among `parts` and what comes with
 * them.
 *
 * @throws {OptionError} that lists the names of the parts of this kind
 */
export function bindPart(
  kind: string,
  config: PartConfig,
  parts: readonly AnyPart[] = [],
): PartConfig {
  if (partOf(kind, config) !== undefined) return config;
  const { name, options } = config;
  const known = Object.fromEntries(
    parts
      .flatMap(withCompanions)
      .filter((part) => part.kind === kind)
      .map((part) => [part.definition.name, part]),
  );
  return attach({ name, options }, findPart(kind, known, name));
}

/** The definition of a configuration that has its part. @throws {OptionError} if it has none */
export function definitionOf<D>(kind: string, config: PartConfig): D {
  const part = partOf(kind, config);
  if (part !== undefined) return part.definition as D;
  throw new OptionError(
    `${kind}: Cannot find "${config.name}": expected a part of this kind, got its name alone; configure it by calling the part, or pass { parts }`,
  );
}

/** The default configuration of a definition. */
export function configOf(kind: string, definition: AnyPart["definition"]): PartConfig {
  return attach({ name: definition.name, options: {} }, { kind, definition });
}

function partOf(kind: string, config: PartConfig): AnyPart | undefined {
  const part = (config as { readonly [PART]?: AnyPart })[PART];
  return part?.kind === kind ? part : undefined;
}

/** Not enumerable: neither JSON nor a comparison sees it. */
function attach(config: PartConfig, part: AnyPart): PartConfig {
  return Object.defineProperty(config, PART, { value: part });
}

function withCompanions(part: AnyPart): AnyPart[] {
  const { fusion, startsFrom } = part.definition;
  const rule = fusion ? partOf("fusion", fusion) : undefined;
  return [
    part,
    ...(rule === undefined ? [] : [rule]),
    ...(startsFrom === undefined
      ? []
      : withCompanions({ kind: part.kind, definition: startsFrom })),
  ];
}

/** The definitions that a module exports, by name. */
export function registryOf<D extends { readonly name: string }>(
  module: Readonly<Record<string, { readonly definition: D }>>,
): Readonly<Record<string, D>> {
  return Object.fromEntries(
    Object.values(module).map(({ definition }) => [definition.name, definition]),
  );
}

/** The definition called `name`. @throws {OptionError} that lists the valid names */
export function findPart<D>(kind: string, registry: Readonly<Record<string, D>>, name: string): D {
  const found = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (found === undefined) {
    const names = Object.keys(registry).sort();
    const expected = names.length > 0 ? `one of ${formatNames(names)}` : "a part of this kind";
    throw new OptionError(`${kind}: Cannot find "${name}": expected ${expected}`);
  }
  return found;
}

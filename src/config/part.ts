/**
 * Parts that are chosen by name: encoders, fusion rules, methods, optimizers. A part is defined once, with its options;
 * the definition is called to configure it: `mla({ alpha: 0.1 })` gives `{ name: "mla", options: {...} }`, which is JSON.
 */
import { formatNames, OptionError } from "../engine/errors.ts";
import { type OptionSpecs, type OptionValues, resolveOptions } from "./options.ts";

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

export type Part<S extends OptionSpecs, D> = {
  /** Configures the part. @throws {OptionError} for unknown options or values out of range */
  (options?: Partial<OptionValues<S>>): PartConfig;
  readonly definition: D;
};

/** Makes a part of a definition; each kind of part wraps this with its own type of definition. */
export function definePart<S extends OptionSpecs, D extends PartDefinition<S>>(
  definition: D,
): Part<S, D> {
  const { name, options: specs } = definition;
  const configure = (options: Partial<OptionValues<S>> = {}): PartConfig => ({
    name,
    options: resolveOptions(name, specs, options),
  });
  return Object.assign(configure, { definition });
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
    throw new OptionError(
      `${kind}: Cannot find "${name}": expected one of ${formatNames(Object.keys(registry).sort())}`,
    );
  }
  return found;
}

import type { FlagSpecs, FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";

/** What a command is called with. */
export interface Invocation<S extends FlagSpecs = FlagSpecs> {
  readonly flags: FlagValues<S>;
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** The whole command line, without folders. */
  readonly commandLine: string;
  readonly io: Io;
}

export interface CommandDefinition<S extends FlagSpecs> {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Arguments that are no flags, for the help: `emoji|synthetic`. */
  readonly positionals?: string;
  readonly flags: S;
  /** Further flags that depend on the others, as the options of the method that was chosen. */
  readonly moreFlags?: (argv: readonly string[]) => FlagSpecs;
  /** Those of them that the help shows; default: all. */
  readonly shownFlags?: (argv: readonly string[]) => FlagSpecs;
  /** What the help says at its end. */
  readonly hint?: string;
  /** @returns the exit code, 0 if nothing is returned */
  run(invocation: Invocation<S>): Promise<number | undefined>;
}

export type Command = CommandDefinition<FlagSpecs>;

/** Declares a command; its flags keep their types. */
export function defineCommand<const S extends FlagSpecs>(
  definition: CommandDefinition<S>,
): Command {
  // Flags are parsed by the same specs, so run() gets what it says it takes.
  return definition as unknown as Command;
}

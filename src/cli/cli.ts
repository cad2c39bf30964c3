/** The command line: one table of commands, exit codes 0 (done), 1 (failed), 2 (wrong use), 130 (stopped). */

import { flag } from "../config/options.ts";
import { findPart } from "../config/part.ts";
import { OptionError } from "../engine/errors.ts";
import { readVersions } from "../node/versions.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { type FlagSpecs, flagHelp, parseFlags } from "./flags.ts";
import type { Io } from "./io.ts";

const DONE = 0;
const FAILED = 1;
const WRONG_USE = 2;
const STOPPED = 130;

const GLOBAL_FLAGS = {
  help: flag(false, "say what the command takes, and end"),
  debug: flag(false, "show the stack of an error"),
};

/** Runs one command line and returns its exit code; never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const debug = argv.includes("--debug");
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (io.signal.aborted) {
      io.err("stopped\n");
      return STOPPED;
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    io.err(`error: ${debug ? stack : message}\n`);
    return error instanceof OptionError ? WRONG_USE : FAILED;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "help") {
    io.out(overview());
    return name === undefined ? WRONG_USE : DONE;
  }
  if (name === "--version") {
    io.out(`${(await readVersions()).altermodal}\n`);
    return DONE;
  }
  const command = findPart<Command>("altermodal", COMMANDS, name);
  const own = { ...command.flags, ...command.moreFlags?.(rest) };
  if (rest.includes("--help")) {
    io.out(
      commandHelp(command, {
        ...command.flags,
        ...(command.shownFlags ?? command.moreFlags)?.(rest),
      }),
    );
    return DONE;
  }
  const parsed = parseFlags(name, rest, { ...own, ...GLOBAL_FLAGS });
  if (command.positionals === undefined && parsed.positionals.length > 0) {
    throw new OptionError(
      `${name}: Cannot read "${parsed.positionals[0]}": expected options only, each beginning with --`,
    );
  }
  const code = await command.run({
    flags: parsed.values as never,
    given: parsed.given,
    positionals: parsed.positionals,
    commandLine: commandLine(argv),
    io,
  });
  return io.signal.aborted ? STOPPED : (code ?? DONE);
}

/** Reports travel, so folders of this machine stay out. */
function commandLine(argv: readonly string[]): string {
  const shown = argv.map((argument) => {
    const bare = argument.replace(/^(--[^=]+=)?(?:\/|[A-Za-z]:\\).*[/\\]([^/\\]+)$/, "$1$2");
    return /^[\w@%+=:,./-]+$/.test(bare) ? bare : JSON.stringify(bare);
  });
  return ["altermodal", ...shown].join(" ");
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.values(COMMANDS).map(
    ({ name, title }) => `  ${name.padEnd(width)}  ${title}`,
  );
  return `Usage: altermodal COMMAND [options]\n\n${lines.join("\n")}\n\naltermodal COMMAND --help says what a command takes.\n`;
}

function commandHelp({ name, title, positionals, hint }: Command, flags: FlagSpecs): string {
  const use = ["altermodal", name, ...(positionals ? [positionals] : []), "[options]"].join(" ");
  return `Usage: ${use}\n\n${title[0]?.toUpperCase()}${title.slice(1)}.\n\n${flagHelp({ ...flags, ...GLOBAL_FLAGS })}\n${hint === undefined ? "" : `\n${hint}\n`}`;
}

/** Screens that nobody sees, for browsers with a window. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";

export interface Screen {
  /** For the variable DISPLAY of a program's environment. */
  readonly display: string;
  close(): Promise<void>;
}

/** Whether the machine has a program. */
export function isInstalled(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Starts an Xvfb (`apt-get install xvfb`), which looks for a free number itself. */
export async function openScreen(): Promise<Screen> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x800x24"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = (await once(server.stdio[3] as Readable, "data")) as [Buffer];
  return { display: `:${number.toString().trim()}`, close: () => end(server) };
}

/** Ends a program: it is asked to, and made to if it has not ended three seconds later. */
export async function end(program: ChildProcess, ask = () => void program.kill()): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, "exit");
  ask();
  const late = new AbortController();
  const kill = () => void program.kill("SIGKILL");
  setTimeout(3000, undefined, { signal: late.signal }).then(kill, () => {});
  await ended;
  late.abort();
}

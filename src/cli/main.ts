#!/usr/bin/env node
import { runCli } from "./cli.ts";

const stop = new AbortController();
process.on("SIGINT", () => {
  if (stop.signal.aborted) process.exit(130);
  process.stderr.write("\nstopping; what was trained is kept, Ctrl-C again ends at once\n");
  stop.abort(new Error("stopped by Ctrl-C"));
});
// A reader that has seen enough (head, a closed terminal) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  columns: process.stderr.isTTY ? process.stderr.columns : null,
  signal: stop.signal,
});

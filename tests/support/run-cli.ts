import { runCli } from "../../src/cli/cli.ts";

/** Runs a command line in this process and keeps what it prints. */
export async function captureCli(...argv: string[]) {
  return captureStoppable(new AbortController().signal, ...argv);
}

export async function captureStoppable(signal: AbortSignal, ...argv: string[]) {
  let out = "";
  let err = "";
  const code = await runCli(argv, {
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
    columns: null,
    signal,
  });
  return { code, out, err };
}

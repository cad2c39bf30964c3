/**
 * Uses the packed tarball as its users do, one row per runtime or bundler: `npm run test:consumers -- [--full] [--only NAME]
 * [--markdown]`. Each trains the same small model (consumers/job.mjs), predicts, and must give the same bits. What cannot
 * run here is listed with the reason.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { markdownTable } from "../src/config/markdown.ts";
import { CONSUMERS, type Consumer, FULL_CONSUMERS, type Setting } from "./consumers/consumers.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    /** Every version of Node and TypeScript, not only those that are here and the two ends. */
    full: { type: "boolean", default: false },
    /** The table of docs/results/consumers.md. */
    markdown: { type: "boolean", default: false },
  },
});
const run = promisify(execFile);
/** Most that one consumer may take, with the installation of its tools. */
const TIMEOUT_MS = 240_000;

/** Packs, and unpacks the tarball once. */
async function packedLibrary(): Promise<{ tarball: string; library: string }> {
  const folder = resolve("build/consumers/packed");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  await run("tar", ["-xzf", tarball], { cwd: folder });
  return { tarball: resolve(folder, tarball), library: resolve(folder, "package") };
}

/** The consumer's folder with its tools, the library from the tarball and the job. */
async function prepare({ name, tools = [] }: Consumer): Promise<Setting> {
  const folder = resolve("build/consumers", name);
  mkdirSync(folder, { recursive: true });
  cpSync(resolve("consumers", name), folder, { recursive: true });
  const installed = tools.every((tool) => existsSync(resolve(folder, "node_modules", tool)));
  if (!installed) {
    const quiet = ["--no-audit", "--no-fund", "--no-package-lock"];
    await run("npm", ["install", ...quiet], { cwd: folder, timeout: TIMEOUT_MS });
  }
  cpSync("consumers/job.mjs", resolve(folder, "job.mjs"));
  rmSync(resolve(folder, "node_modules/altermodal"), { recursive: true, force: true });
  cpSync(library, resolve(folder, "node_modules/altermodal"), { recursive: true });
  return {
    folder,
    tarball,
    run: async (program, ...args) => {
      const { stdout } = await run(program, args, { cwd: folder, timeout: TIMEOUT_MS });
      return stdout.trim();
    },
  };
}

interface Row {
  readonly consumer: string;
  readonly ran: string;
  readonly result: string;
}

function firstLine(error: unknown): string {
  const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
  const lines = (stderr || stdout || message).split("\n").map((line) => line.trim());
  return lines.find((line) => /error|cannot|expected/i.test(line)) ?? lines[0] ?? "no message";
}

const { tarball, library } = await packedLibrary();
const rows: Row[] = [];
let want: string | undefined;
let failed = false;
const consumers = [...CONSUMERS, ...(flags.full ? FULL_CONSUMERS : [])];
for (const consumer of consumers.filter(({ name }) => name.includes(flags.only))) {
  const { title } = consumer;
  const missing = consumer.missing?.();
  if (missing !== undefined) {
    rows.push({ consumer: title, ran: "not run", result: missing });
    continue;
  }
  let row: Row;
  try {
    const result = await consumer.run(await prepare(consumer));
    if (consumer.trains !== false) want ??= result;
    const same = consumer.trains === false || result === want;
    failed ||= !same;
    row = { consumer: title, ran: same ? "ran" : "FAILED", result };
  } catch (error) {
    failed = true;
    row = { consumer: title, ran: "FAILED", result: firstLine(error) };
  }
  rows.push(row);
  if (!flags.markdown) console.log(`${row.ran.padEnd(8)} ${row.consumer.padEnd(34)} ${row.result}`);
}
if (flags.markdown) {
  const cells = rows.map(({ consumer, ran, result }) => [consumer, ran, result]);
  console.log(markdownTable(["consumer", "ran", "hash of the weights, prediction"], cells, 3));
} else {
  for (const { ran, consumer, result } of rows) {
    if (ran === "not run") console.log(`${ran.padEnd(8)} ${consumer.padEnd(34)} ${result}`);
  }
}
process.exitCode = failed ? 1 : 0;

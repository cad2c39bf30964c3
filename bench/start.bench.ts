/** What a program pays before its first result: bytes to load, and time. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type BenchGroup, SkippedRow } from "./support/bench-case.ts";

const entry = new URL("../dist/index.js", import.meta.url);

/** The built default entry with all modules that it loads, each once. */
function reachable(url: URL, seen: Map<string, string> = new Map()): Map<string, string> {
  if (seen.has(url.href)) return seen;
  const text = readFileSync(url, "utf8");
  seen.set(url.href, text);
  for (const [, path] of text.matchAll(/\bfrom\s*"(\.[^"]+)"/g)) {
    if (path !== undefined) reachable(new URL(path, url), seen);
  }
  return seen;
}

function builtEntry(): URL {
  if (existsSync(entry)) return entry;
  throw new SkippedRow("no dist/index.js, run npm run build");
}

/** Seconds that a fresh process prints. */
function inFreshProcess(script: string, runs: number): number[] {
  const args = ["--input-type=module", "--eval", script];
  return Array.from({ length: runs }, () => Number(execFileSync(process.execPath, args)) / 1000);
}

const FIRST_RESULT = `
  const engine = await createEngine();
  const six = engine.scope(() => ops.sum(engine.tensor([1, 2, 3])).item());
  if (six !== 6) throw new Error("wrong sum");
  console.log(performance.now() - start);`;

export const startGroup: BenchGroup = {
  title: "Start: fresh Node process, built entry",
  cases: [
    {
      name: "createEngine to first result",
      prepare: (_, { quick }) => ({
        seconds: inFreshProcess(
          `const { createEngine, ops } = await import("${builtEntry().href}");
           const start = performance.now();${FIRST_RESULT}`,
          quick ? 3 : 10,
        ),
      }),
    },
    {
      name: "import, createEngine, first result",
      prepare: (_, { quick }) => ({
        seconds: inFreshProcess(
          `const start = performance.now();
           const { createEngine, ops } = await import("${builtEntry().href}");${FIRST_RESULT}`,
          quick ? 3 : 10,
        ),
      }),
    },
    {
      name: "default entry, gzip, not minified",
      prepare() {
        const text = [...reachable(builtEntry()).values()].join("\n");
        return { quantity: gzipSync(text, { level: 9 }).length, unit: "bytes" };
      },
    },
  ],
};

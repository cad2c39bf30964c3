/**
 * Shows that the tests can fail: applies each wrong variant of mutants/ to a copy of the library, rebuilds the core if
 * the change is in it, and runs the tests that should notice. Exits 1 if one survives or does not run.
 *
 * Usage: npm run mutants [-- TEXT]; TEXT picks the variants whose area or name contains it.
 */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { MUTANTS } from "../mutants/index.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { embedCore } from "./embed-core.ts";

const run = promisify(execFile);
const COPIED = ["assembly", "src", "tests", "asconfig.json", "package.json", "vitest.config.ts"];

interface Build {
  readonly folder: string;
  /** The vector build, and the one that it stands in for. */
  readonly targets: readonly [string, string];
}
const CORE: Build = { folder: "assembly", targets: ["simd", "scalar"] };
const FEATURES: Build = { folder: "assembly/features", targets: ["features", "features-scalar"] };
/** Of the tests of one variant, and of all of them on the unchanged copy. */
const TIME_LIMIT_MS = 120_000;
const BASELINE_LIMIT_MS = 600_000;

interface Outcome {
  readonly caught: boolean;
  readonly text: string;
}

/** A copy of the library whose core is built in little time, not for speed. */
function makeCopy(): string {
  const root = mkdtempSync(join(tmpdir(), "altermodal-mutants-"));
  for (const name of COPIED) cpSync(name, join(root, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  const path = join(root, "asconfig.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  Object.assign(config.options, { optimizeLevel: 1, converge: false });
  writeFileSync(path, JSON.stringify(config));
  return root;
}

/**
 * Builds the vector core and lets it stand in for the scalar one, too: half the time, and stricter, since no variant is
 * caught for the mere difference of the two.
 */
async function buildCore(root: string, { folder, targets }: Build = CORE): Promise<void> {
  const [target, twin] = targets;
  const args = [`${folder}/index.ts`, "--config", "asconfig.json", "--target", target];
  await run(resolve("node_modules/.bin/asc"), args, { cwd: root });
  copyFileSync(join(root, `build/${target}.wasm`), join(root, `build/${twin}.wasm`));
  for (const name of targets) embedCore(root, name, 1);
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Names of the tests that failed. @throws {Error} if the tests did not run */
async function failures(
  root: string,
  files: readonly string[],
  only?: string,
  limit = TIME_LIMIT_MS,
): Promise<string[]> {
  const output = join(root, "report.json");
  rmSync(output, { force: true });
  const filter = only === undefined ? [] : ["-t", only];
  const reporter = ["--reporter=json", `--outputFile=${output}`];
  const options = { cwd: root, timeout: limit, maxBuffer: 1 << 26 };
  const cli = resolve("node_modules/vitest/vitest.mjs");
  const problem = await run("node", [cli, "run", ...files, ...filter, ...reporter], options).then(
    () => undefined,
    (error: { killed?: boolean }) => error,
  );
  if (problem?.killed) return [`no end within ${limit / 1000} s`];
  const report = JSON.parse(readFileSync(output, "utf8")) as Report;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === "failed");
  if (failed.length === 0 && (problem !== undefined || report.numPassedTests === 0)) {
    const message = report.testResults.map((result) => result.message).find((text) => text !== "");
    throw new Error(`no test ran: ${message ?? "none matches"}`);
  }
  return failed.map(({ fullName }) => fullName);
}

async function tryMutant(root: string, mutant: Mutant): Promise<Outcome> {
  const { file, search, replace, tests, only } = mutant;
  const path = join(root, file);
  const original = readFileSync(path, "utf8");
  const count = original.split(search).length - 1;
  if (count !== 1) {
    return {
      caught: false,
      text: `does not apply: expected its text once in ${file}, got ${count}`,
    };
  }
  const build = file.startsWith(FEATURES.folder) ? FEATURES : CORE;
  const isCore = file.startsWith("assembly/");
  const modules = build.targets.map((target) => join(root, `src/engine/wasm/${target}.ts`));
  const built = modules.map((module) => readFileSync(module));
  try {
    writeFileSync(
      path,
      original.replace(search, () => replace),
    );
    if (isCore) await buildCore(root, build);
    const failed = await failures(root, tests, only);
    return failed.length > 0
      ? { caught: true, text: `${failed.length} x, first: ${failed[0]}` }
      : { caught: false, text: "SURVIVED" };
  } catch (error) {
    return { caught: false, text: `does not run: ${(error as Error).message.slice(0, 2000)}` };
  } finally {
    writeFileSync(path, original);
    modules.forEach((module, i) => {
      writeFileSync(module, built[i] as Buffer);
    });
  }
}

/** The unchanged copy must pass all that the variants are judged by. */
async function checkBaseline(root: string, mutants: readonly Mutant[]): Promise<void> {
  const files = [...new Set(mutants.flatMap(({ tests }) => tests))];
  const failed = await failures(root, files, undefined, BASELINE_LIMIT_MS);
  if (failed.length > 0) throw new Error(`the unchanged library fails: ${failed.join("; ")}`);
}

const wanted = process.argv[2] ?? "";
const queue = Object.entries(MUTANTS)
  .flatMap(([area, mutants]) => mutants.map((mutant) => ({ area, mutant })))
  .filter(({ area, mutant }) => `${area}: ${mutant.name}`.includes(wanted));
const total = queue.length;
const start = performance.now();
const roots = Array.from({ length: Math.min(2, availableParallelism()) }, makeCopy);
const outcomes: Outcome[] = [];
try {
  await Promise.all(roots.map((root) => buildCore(root)));
  await Promise.all(roots.map((root) => buildCore(root, FEATURES)));
  await checkBaseline(
    roots[0] as string,
    queue.map(({ mutant }) => mutant),
  );
  const work = async (root: string) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const outcome = await tryMutant(root, next.mutant);
      outcomes.push(outcome);
      const mark = outcome.caught ? "caught" : "MISSED";
      console.log(`${mark}  ${next.area}: ${next.mutant.name}\n        ${outcome.text}`);
    }
  };
  await Promise.all(roots.map(work));
} finally {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
}
const caught = outcomes.filter((outcome) => outcome.caught).length;
console.log(`${caught}/${total} caught in ${((performance.now() - start) / 1000).toFixed(0)} s`);
process.exitCode = caught === total && total > 0 ? 0 : 1;

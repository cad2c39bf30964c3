/**
 * Builds the library: the AssemblyScript core, embedded as text modules with the types of its exports, then the
 * TypeScript layer. `--all` compiles every target of asconfig.json, not only the two that nothing works without. Skips
 * what is up to date; `--force` does not.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleLibraries } from "./bundle-libraries.ts";
import { coreTypes, exportTypes } from "./core-types.ts";
import { embedCore, embedUnpacker, omitCore, WASM_FOLDER } from "./embed-core.ts";
import { copyCores, fixDeclarations, makeBrowserFiles, makeCommonJs } from "./package-forms.ts";

const force = process.argv.includes("--force");
const all = process.argv.includes("--all");

/** What every engine can fall back to, and its oracle; the other targets are opt-in for users, too. */
const BASE_TARGETS = ["simd", "scalar"];
/** The core that only predicts: it exports less. */
const INFER_TARGET = "infer";
/** A module of its own, so that only what uses features carries them. */
const FEATURE_TARGETS = ["features", "features-scalar"];
const FEATURES_FOLDER = "assembly/features";
/** What unpacks the text of all others. */
const UNPACK_TARGET = "unpack";
const UNPACK_FOLDER = "assembly/unpack";
const EXTRAS_STAMP = "build/extra-cores.stamp";

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }))
    .filter(({ path, isFile }) => isFile && !path.startsWith(WASM_FOLDER))
    .map(({ path }) => path)
    .sort();
}

function hash(paths: readonly string[]): string {
  const sum = createHash("sha256");
  for (const path of paths) sum.update(path).update(readFileSync(path));
  return sum.digest("hex");
}

/** Runs `build` unless the inputs are those of the last time. */
async function stage(
  name: string,
  inputs: readonly string[],
  build: () => Promise<void>,
): Promise<void> {
  const stamp = `build/${name}.stamp`;
  const now = hash(inputs);
  if (!force && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  const start = performance.now();
  await build();
  writeFileSync(stamp, now);
  console.log(`built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Runs a program of the project; what it prints is shown if it fails. */
function run(program: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(`node_modules/.bin/${program}`, args, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${program} failed:\n${stdout}${stderr}`));
    });
  });
}

mkdirSync("build", { recursive: true });
const config = JSON.parse(readFileSync("asconfig.json", "utf8")) as { targets: object };
const coreInputs = [
  "asconfig.json",
  "scripts/build.ts",
  "scripts/core-types.ts",
  "scripts/embed-core.ts",
  "src/engine/abi.ts",
  ...files(UNPACK_FOLDER),
  ...files("scripts/pack"),
];

/** `passes` as of packWasm. */
async function compile(entry: string, targets: readonly string[], passes?: number): Promise<void> {
  await Promise.all(targets.map((target) => assemble(entry, target)));
  for (const target of targets) embedCore(".", target, passes);
}

function assemble(entry: string, target: string): Promise<void> {
  return run("asc", entry, "--config", "asconfig.json", "--target", target);
}

const isCore = (path: string): boolean => !/^assembly\/(features|unpack)\//.test(path);
const inputs = [...coreInputs, ...files("assembly").filter(isCore)];
const extras = Object.keys(config.targets).filter(
  (target) => ![...BASE_TARGETS, ...FEATURE_TARGETS, INFER_TARGET, UNPACK_TARGET].includes(target),
);
await stage("core", inputs, async () => {
  await Promise.all([
    assemble(`${UNPACK_FOLDER}/index.ts`, UNPACK_TARGET).then(() => embedUnpacker(".")),
    compile("assembly/index.ts", BASE_TARGETS),
    compile("assembly/infer.ts", [INFER_TARGET]),
  ]);
  writeFileSync(`${WASM_FOLDER}/exports.ts`, coreTypes(readFileSync("build/simd.d.ts", "utf8")));
  for (const target of extras) omitCore(".", target);
  rmSync(EXTRAS_STAMP, { force: true });
});
// Nobody carries these but who asks for them: a packing that takes a quarter of the time is 1 % longer.
if (all) await stage("extra-cores", inputs, () => compile("assembly/index.ts", extras, 3));
const featureInputs = [
  ...coreInputs,
  ...inputs.filter((path) => /^assembly\/[^/]+$/.test(path)),
  "assembly/kernels/reduce.ts",
  ...files(FEATURES_FOLDER),
  "src/features/spectrum-flags.ts",
];
await stage("features", featureInputs, async () => {
  await compile(`${FEATURES_FOLDER}/index.ts`, FEATURE_TARGETS);
  const declarations = readFileSync("build/features.d.ts", "utf8");
  writeFileSync(`${WASM_FOLDER}/feature-exports.ts`, exportTypes(declarations, "FeatureExports"));
});
await stage(
  "library",
  [
    "tsconfig.json",
    "tsconfig.build.json",
    "scripts/bundle-libraries.ts",
    "scripts/package-forms.ts",
    "package-lock.json",
    ...files("src"),
    "build/core.stamp",
    "build/features.stamp",
    ...(existsSync(EXTRAS_STAMP) ? [EXTRAS_STAMP] : []),
  ],
  async () => {
    await run("tsc", "-p", "tsconfig.build.json");
    await bundleLibraries();
    fixDeclarations();
    copyCores();
  },
);
if (all) {
  await stage("forms", ["scripts/package-forms.ts", "build/library.stamp"], async () => {
    await makeCommonJs();
    await makeBrowserFiles();
  });
}

/**
 * Size of what a user's bundle takes in, minified and gzipped, against its budget: `npm run size`. `--readme` writes the table
 * of the README; without it, a table that differs by more than rounding is a failure, too.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { markdownTable } from "../src/config/markdown.ts";

/** What is imported, and its gzip budget in kB. */
const BUDGETS: Readonly<Record<string, { readonly code: string; readonly kilobytes: number }>> = {
  "altermodal, all of it": { code: 'export * from "./dist/index.js";', kilobytes: 100 },
  "a training: mla, mlp, bagOfWords": {
    code: `export { fromArrays, train } from "./dist/index.js";
      export { mla } from "./dist/methods/index.js";
      export { bagOfWords, mlp } from "./dist/encoders/index.js";`,
    kilobytes: 71,
  },
  "altermodal/infer, prediction alone": {
    code: 'export * from "./dist/infer/index.js";',
    kilobytes: 37,
  },
  "prediction with mla, mlp, bagOfWords": {
    code: `export { loadModel } from "./dist/infer/index.js";
      export { mla } from "./dist/methods/index.js";
      export { bagOfWords, mlp } from "./dist/encoders/index.js";`,
    kilobytes: 46,
  },
  "altermodal/client, a page that trains in a worker": {
    code: 'export { connectWorker } from "./dist/worker/client.js";',
    kilobytes: 3,
  },
  "createEngine alone": {
    code: 'export { createEngine } from "./dist/engine/create-engine.js";',
    kilobytes: 42,
  },
  "altermodal/features": { code: 'export * from "./dist/features/index.js";', kilobytes: 15 },
  "altermodal/decode": { code: 'export * from "./dist/decode/index.js";', kilobytes: 4 },
  "altermodal/tokenizers": { code: 'export * from "./dist/tokenizers/index.js";', kilobytes: 13 },
};

/** kB by which the README may differ: it has whole ones. */
const ROUNDING = 0.75;
const README = "README.md";
const TABLE = /(<!-- npm run size -- --readme -->\n)[\s\S]*?(<!-- end -->)/;

async function sizeOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: "." },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "error",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1000;
}

let failed = false;
const rows: [name: string, size: number][] = [];
for (const [name, { code, kilobytes }] of Object.entries(BUDGETS)) {
  const size = await sizeOf(code);
  rows.push([name, size]);
  const over = size > kilobytes;
  failed ||= over;
  const verdict = over ? ": over budget" : "";
  console.log(`${name}: ${size.toFixed(1)} kB of ${kilobytes} kB gzip${verdict}`);
}
const readme = readFileSync(README, "utf8");
if (process.argv.includes("--readme")) {
  const cells = rows.map(([name, size]) => [name, size.toFixed(0)]);
  const table = markdownTable(["what is imported", "kB gzip"], cells);
  writeFileSync(README, readme.replace(TABLE, `$1${table}\n$2`));
} else {
  const stated = new Map(
    [...(TABLE.exec(readme)?.[0] ?? "").matchAll(/^\| (.+?) \| (\d+) \|$/gm)].map(
      ([, name, size]) => [name, Number(size)],
    ),
  );
  for (const [name, size] of rows) {
    const said = stated.get(name);
    if (said !== undefined && Math.abs(size - said) <= ROUNDING) continue;
    failed = true;
    console.log(`${name}: ${said ?? "not"} in the README; npm run size -- --readme writes it anew`);
  }
}
process.exitCode = failed ? 1 : 0;

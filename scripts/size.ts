/** Size of what a user's bundle takes in, minified and gzipped, against its budget. */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What is imported, and its gzip budget in kB. */
const BUDGETS: Readonly<Record<string, { readonly code: string; readonly kilobytes: number }>> = {
  everything: { code: 'export * from "./dist/index.js";', kilobytes: 100 },
  "a training: mla, mlp, bagOfWords": {
    code: `export { fromArrays, train } from "./dist/index.js";
      export { mla } from "./dist/methods/index.js";
      export { bagOfWords, mlp } from "./dist/encoders/index.js";`,
    kilobytes: 71,
  },
  "prediction alone": { code: 'export * from "./dist/infer/index.js";', kilobytes: 37 },
  "prediction with mla, mlp, bagOfWords": {
    code: `export { loadModel } from "./dist/infer/index.js";
      export { mla } from "./dist/methods/index.js";
      export { bagOfWords, mlp } from "./dist/encoders/index.js";`,
    kilobytes: 46,
  },
  "a page that trains in a worker": {
    code: 'export { connectWorker } from "./dist/worker/client.js";',
    kilobytes: 5,
  },
  "the engine alone": {
    code: 'export { createEngine } from "./dist/engine/create-engine.js";',
    kilobytes: 42,
  },
  "altermodal/features": { code: 'export * from "./dist/features/index.js";', kilobytes: 25 },
  "altermodal/decode": { code: 'export * from "./dist/decode/index.js";', kilobytes: 4 },
  "altermodal/tokenizers": { code: 'export * from "./dist/tokenizers/index.js";', kilobytes: 15 },
};

let over = false;
for (const [name, { code, kilobytes }] of Object.entries(BUDGETS)) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: "." },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "error",
  });
  const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1000;
  over ||= size > kilobytes;
  console.log(
    `${name}: ${size.toFixed(1)} kB of ${kilobytes} kB gzip${size > kilobytes ? ": over budget" : ""}`,
  );
}
process.exitCode = over ? 1 : 0;

/** `npm run demo`: builds the page and serves it; with `--out DIR` it only writes the folder. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { serveStatic } from "../scripts/browser/serve.ts";
import { bundle } from "./build/bundle.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    port: { type: "string", default: "8080" },
  },
});
const folder = resolve(values.out ?? "demo/dist");
const sizes = await bundle(folder);
const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
console.log(`${folder}: ${(total / 1e6).toFixed(1)} MB in ${Object.keys(sizes).length} files`);
if (values.out === undefined) {
  const folders = { "/": folder };
  try {
    const { url } = await serveStatic({ folders, port: Number(values.port) });
    console.log(`The page: ${url}/   (Ctrl-C ends it)`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") throw error;
    console.error(`Port ${values.port} is taken: npm run demo -- --port N takes another`);
    process.exitCode = 1;
  }
}

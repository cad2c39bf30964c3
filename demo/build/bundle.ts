/** Builds the page into a folder that any static host serves. */
import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { bakeEmoji } from "./emoji-data.ts";

const DEMO = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Scripts whose names change with their contents. */
const CHUNK = /^chunk-.*\.js$/;

/** Data that the build makes, imported as text of base 64: scripts are all that the page's policy lets it load. */
function bakedData(makers: Readonly<Record<string, () => Promise<Uint8Array>>>): Plugin {
  return {
    name: "baked-data",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^baked:/ }, ({ path }) => ({ path, namespace: "baked" }));
      onLoad({ filter: /.*/, namespace: "baked" }, async ({ path }) => ({
        contents: (await makers[path.slice("baked:".length)]?.()) ?? "",
        loader: "base64",
      }));
    },
  };
}

/**
 * Writes the page into a folder; what else is there stays, but for scripts of an earlier build.
 *
 * @returns the files written, with their sizes in bytes
 */
export async function bundle(folder: string): Promise<Readonly<Record<string, number>>> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (CHUNK.test(name)) await rm(join(folder, name));
  const { metafile } = await build({
    entryPoints: {
      page: join(DEMO, "src/main.tsx"),
      lab: join(DEMO, "src/lab/lab.worker.ts"),
      thread: join(DEMO, "../dist/engine/web-thread.js"),
      style: join(DEMO, "style/index.css"),
    },
    absWorkingDir: join(DEMO, ".."),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "none",
    chunkNames: "chunk-[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    metafile: true,
    logLevel: "warning",
    plugins: [bakedData({ emoji: bakeEmoji })],
  });
  const index = join(folder, "index.html");
  await copyFile(join(DEMO, "index.html"), index);
  return {
    ...Object.fromEntries(
      Object.entries(metafile.outputs).map(([path, { bytes }]) => [path, bytes]),
    ),
    [index]: (await stat(index)).size,
  };
}

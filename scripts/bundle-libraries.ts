/** Bundles libraries of others into the modules that use them, so that the package keeps having no dependency. */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";

/** Source modules that may import development dependencies, and which. */
export const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  "src/tokenizers/library.ts": ["@huggingface/tokenizers"],
};

/** Replaces each built module by itself with its libraries, whose licences are laid beside it. */
export async function bundleLibraries(): Promise<void> {
  for (const [source, packages] of Object.entries(BUNDLED)) {
    const module = source.replace(/^src/, "dist").replace(/ts$/, "js");
    const folder = dirname(module);
    const notes = packages.map((name) => {
      const { version, license } = JSON.parse(
        readFileSync(`node_modules/${name}/package.json`, "utf8"),
      ) as { version: string; license: string };
      const copy = `LICENSE-${name.replace(/^@/, "").replace("/", "-")}`;
      copyFileSync(`node_modules/${name}/LICENSE`, join(folder, copy));
      return `${name} ${version}, ${license}: see ${copy}`;
    });
    await build({
      entryPoints: [module],
      outfile: module,
      allowOverwrite: true,
      bundle: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      minify: true,
      legalComments: "inline",
      banner: { js: `/*! Contains ${notes.join("; ")} */` },
      logLevel: "error",
    });
    rmSync(join(folder, `${basename(module)}.map`), { force: true });
  }
}

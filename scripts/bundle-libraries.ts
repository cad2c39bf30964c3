/** Bundles libraries of others into the modules that use them, so that the package keeps having no dependency. */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";

interface Bundle {
  /** The development dependencies that the module imports. */
  readonly packages: readonly string[];
  /** Whether it runs in Node alone: CommonJS in it may then ask for Node's modules. */
  readonly node?: boolean;
  /** Files of the packages that are laid beside the module. */
  readonly files?: readonly string[];
}

/** Source modules that may import development dependencies, and which. */
export const BUNDLED: Readonly<Record<string, Bundle>> = {
  "src/tokenizers/library.ts": { packages: ["@huggingface/tokenizers"] },
  "src/node/decode/libraries.ts": {
    packages: [
      "@jsquash/jpeg",
      "@jsquash/webp",
      "fast-png",
      "fflate",
      "iobuffer",
      "papaparse",
    ].concat(["wasm-feature-detect", "wavefile"]),
    node: true,
    files: ["@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", "@jsquash/webp/codec/dec/webp_dec.wasm"],
  },
};

const REQUIRE =
  'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);';

/** Replaces each built module by itself with its libraries, whose licences are laid beside it. */
export async function bundleLibraries(): Promise<void> {
  for (const [source, { packages, node = false, files = [] }] of Object.entries(BUNDLED)) {
    const module = source.replace(/^src/, "dist").replace(/ts$/, "js");
    const folder = dirname(module);
    for (const file of files) copyFileSync(`node_modules/${file}`, join(folder, basename(file)));
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
      platform: node ? "node" : "neutral",
      mainFields: node ? ["main", "module"] : ["module", "main"],
      minify: true,
      legalComments: "inline",
      banner: { js: `/*! Contains ${notes.join("; ")} */${node ? `\n${REQUIRE}` : ""}` },
      logLevel: "error",
    });
    rmSync(join(folder, `${basename(module)}.map`), { force: true });
  }
}

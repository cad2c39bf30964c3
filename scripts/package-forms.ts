/** The further forms of the built library: CommonJS, single files for pages without a bundler, the cores as files. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, transform } from "esbuild";

/** Folders of dist that have no CommonJS form: programs, scripts of workers, and what is made here. */
const ESM_ONLY = /^(cli|cjs|browser|workerd)\//;

function filesOf(folder: string, end: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What the compiler writes of arrays that are generic since TypeScript 5.7, and what says the same to all versions. */
const TYPED_ARRAY =
  /\b((?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)<(ArrayBuffer|ArrayBufferLike)>/g;

/**
 * Declarations that compilers from 5.4 read: imports name the file that is there, for older ones look for no `.ts` beside a
 * `.d.ts`; arrays are those that their own library declares (a slice is never of shared memory); what names
 * `Symbol.dispose` asks for its library, which is in no target's default.
 */
export function fixDeclarations(): void {
  for (const file of filesOf("dist", ".d.ts")) {
    const path = join("dist", file);
    const text = readFileSync(path, "utf8");
    const fixed = text
      .replaceAll(/((?:from|import\()\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"')
      .replaceAll(TYPED_ARRAY, (_, array: string, buffer: string) =>
        buffer === "ArrayBuffer" ? `ReturnType<${array}["slice"]>` : array,
      );
    const needsDispose = fixed.includes("[Symbol.dispose]") && !fixed.startsWith("/// ");
    const whole = needsDispose ? `/// <reference lib="esnext.disposable" />\n${fixed}` : fixed;
    if (whole !== text) writeFileSync(path, whole);
  }
}

/** Module by module, so that all entries share their classes. */
export async function makeCommonJs(): Promise<void> {
  rmSync("dist/cjs", { recursive: true, force: true });
  const modules = filesOf("dist", ".js").filter((file) => !ESM_ONLY.test(file));
  for (const file of modules) {
    const target = join("dist/cjs", file);
    mkdirSync(dirname(target), { recursive: true });
    const text = readFileSync(join("dist", file), "utf8").replace(
      /\n\/\/# sourceMappingURL=.*/,
      "",
    );
    const usesUrl = text.includes("import.meta.url");
    const { code } = await transform(text, {
      format: "cjs",
      platform: "node",
      target: "es2022",
      ...(usesUrl && {
        define: { "import.meta.url": "importMetaUrl" },
        banner: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
      }),
    });
    writeFileSync(target, code);
  }
  for (const file of filesOf("dist", ".d.ts").filter((file) => !ESM_ONLY.test(file))) {
    mkdirSync(dirname(join("dist/cjs", file)), { recursive: true });
    copyFileSync(join("dist", file), join("dist/cjs", file));
  }
  writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
}

/** One file each, for `<script type="module">`, extensions and service workers without a bundler. */
export async function makeBrowserFiles(): Promise<void> {
  rmSync("dist/browser", { recursive: true, force: true });
  await build({
    entryPoints: {
      altermodal: "dist/browser.js",
      infer: "dist/infer/index.js",
      worker: "dist/worker/script.js",
      "web-thread": "dist/engine/web-thread.js",
    },
    outdir: "dist/browser",
    bundle: true,
    format: "esm",
    minify: true,
    logLevel: "error",
  });
}

/** For `altermodal/slim`, and for runtimes that take WASM as a module. */
export function copyCores(): void {
  copyFileSync("build/simd.wasm", "dist/engine.wasm");
  copyFileSync("build/infer.wasm", "dist/infer.wasm");
  const types = "declare const module: WebAssembly.Module;\nexport default module;\n";
  for (const core of ["engine", "infer"]) writeFileSync(`dist/${core}.wasm.d.ts`, types);
}

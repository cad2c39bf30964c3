import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const ENTRIES = JSON.parse(readFileSync("package.json", "utf8")).exports;
const OUT = "build/docs-examples";

/** Code of every `ts` block: of Markdown as it stands, of docstrings without the leading stars. */
function examples(file: string): string[] {
  const text = readFileSync(file, "utf8").replaceAll(
    /^[ \t]*\* ?/gm,
    file.endsWith(".md") ? "$&" : "",
  );
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.endsWith(".ts") && !path.includes("engine/wasm"))
    .sort();
}

function pages(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .sort();
}

/** The source of an entry of the package, as ECMAScript modules find it; as text in quotes. */
function sourceOf(entry: string): string {
  const conditions = ENTRIES[entry];
  const { types } = conditions?.node?.import ?? conditions?.import ?? conditions ?? {};
  return JSON.stringify(resolve(String(types).replace("./dist/", "src/").replace(".d.ts", ".ts")));
}

/** A module that runs the example: it imports what the example uses of the public API and does not import itself. */
function moduleOf(code: string): string {
  const names = [...Object.keys(api), ...Object.keys(api.ops)];
  const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
  const top = used.filter((name) => name in api && !code.includes("import {"));
  const ops = used.filter((name) => !(name in api));
  const path = JSON.stringify(resolve("src/index.ts"));
  return [
    `import { expect } from "vitest";`,
    top.length > 0 ? `import { ${top.join(", ")} } from ${path};` : "",
    ops.length > 0
      ? `import { ops as allOps } from ${path};\nconst { ${ops.join(", ")} } = allOps;`
      : "",
    `import { createEngine as makeEngine } from ${path};`,
    code.includes("engine") && !code.includes("createEngine")
      ? "const engine = await makeEngine();"
      : "",
    code.replaceAll(/"altermodal(\/[\w-]+)?"/g, (_, entry = "") => sourceOf(`.${entry}`)),
  ].join("\n");
}

describe("examples of the documentation run", () => {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  afterAll(() => rmSync(OUT, { recursive: true, force: true }));
  const files = ["README.md", ...pages("docs"), ...sources("src")];
  const all = files.flatMap((file) => examples(file).map((code, i) => ({ file, i, code })));

  it("finds the example of the README", () => {
    expect(all.some(({ file }) => file === "README.md")).toBe(true);
  });

  it.each(all)("$file, example $i", async ({ file, i, code }) => {
    const path = join(OUT, `${file.replaceAll(/[^a-z0-9]/gi, "-")}-${i}.ts`);
    writeFileSync(path, moduleOf(code));
    await import(/* @vite-ignore */ resolve(path));
  });
});

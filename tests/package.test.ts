import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUNDLED } from "../scripts/bundle-libraries.ts";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));

describe("package", () => {
  it("has no runtime dependency", () => {
    expect(manifest.dependencies).toEqual({});
    expect(manifest.peerDependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
  });

  it("imports nothing but its own files, what is bundled and, in node/ and cli/, Node's modules", () => {
    const foreign = readdirSync("src", { withFileTypes: true, recursive: true })
      .filter((entry) => entry.name.endsWith(".ts"))
      .flatMap((entry) => {
        const path = join(entry.parentPath, entry.name);
        const imports = readFileSync(path, "utf8").matchAll(
          /^(?:import|export)[^"']*from "([^"]+)"/gm,
        );
        return [...imports].map(([, from]) => ({ path, from: from as string }));
      })
      .filter(({ from }) => !from.startsWith("."))
      .filter(
        ({ path, from }) =>
          !BUNDLED[path]?.packages.some((name) => `${from}/`.startsWith(`${name}/`)),
      )
      .filter(({ path, from }) => !(/^src\/(node|cli)\//.test(path) && from.startsWith("node:")));
    expect(foreign).toEqual([]);
  });

  it("imports nothing but itself, has no effect and evaluates nothing in what pages, workers and edges reach", () => {
    const entries = [
      "index",
      "slim/index",
      "workerd/index",
      "workerd/infer",
      "infer/index",
      "worker/client",
    ];
    const files = new Set(entries.flatMap((entry) => [...reachable(`dist/${entry}.js`)]));
    expect(files.size).toBeGreaterThan(100);
    const FORBIDDEN = {
      "dynamic import": /\bimport\s*\(/,
      "import.meta": /\bimport\.meta\b/,
      "a Node module": /["']node:/,
      eval: /\beval\s*\(|\bnew Function\b/,
      "top-level await": /^(?:const|let|var)?[^/*\n]*\bawait\b/,
    };
    const found = [...files].flatMap((file) => {
      const code = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      return Object.entries(FORBIDDEN)
        .filter(([name, pattern]) =>
          name === "top-level await"
            ? code.split("\n").some((line) => /^\S/.test(line) && pattern.test(line))
            : pattern.test(code),
        )
        .map(([name]) => `${file}: ${name}`);
    });
    expect(found).toEqual([]);
  });

  it("has an entry for every file that it names, workerd first and types before all else", () => {
    for (const [entry, target] of Object.entries<Target>(manifest.exports)) {
      for (const file of pathsOf(target)) expect(existsSync(file), `${entry}: ${file}`).toBe(true);
    }
    for (const entry of [".", "./infer"]) {
      const conditions = Object.keys(manifest.exports[entry]);
      expect(conditions).toEqual(["workerd", "import", "require", "default"]);
    }
    expect(Object.keys(manifest.exports["."].import)).toEqual(["types", "default"]);
  });
});

type Target = string | { readonly [condition: string]: Target };

function pathsOf(target: Target): string[] {
  return typeof target === "string" ? [target] : Object.values(target).flatMap(pathsOf);
}

/** A built module and all that it imports. */
function reachable(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file) || !file.endsWith(".js")) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, "utf8").matchAll(/\bfrom\s*"(\.[^"]+)"/g)) {
    reachable(join(dirname(file), path as string), seen);
  }
  return seen;
}

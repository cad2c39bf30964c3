/** Types of the core's exports, from the declarations that the AssemblyScript compiler writes. */

const DOC =
  /\/\*\*\s*\n\s*\* (\S+)\/(\w+)\n(?:(?!\*\/)[\s\S])*?\*\/\s*export function \2\(([^)]*)\): ([^;]+);/g;

/** Text of a module with `CoreExports` (every function) and `OpName` (those of assembly/ops). */
export function coreTypes(declarations: string): string {
  const ops = [...declarations.matchAll(DOC)]
    .filter(([, file]) => file?.startsWith("assembly/ops/"))
    .map(([, , name]) => `"${name}"`);
  const opName = `export type OpName = ${ops.sort().join(" | ")};\n`;
  return exportTypes(declarations, "CoreExports") + opName;
}

/** Text of a module with the interface `title` of all exports. */
export function exportTypes(declarations: string, title: string): string {
  const functions = [...declarations.matchAll(DOC)].map(([, , name, parameters, result]) => {
    const names = (parameters ?? "").split(",").map((p) => p.split(":")[0]?.trim() ?? "");
    const list = names.filter((p) => p !== "").map((p) => `${p}: number`);
    const returns = result === "void" ? "void" : "number";
    return `  ${name}(${list.join(", ")}): ${returns};`;
  });
  return [
    "// Made by scripts/build.ts from assembly/. Records are passed as pointers, booleans as 0 or 1.",
    `export interface ${title} {`,
    "  readonly memory: WebAssembly.Memory;",
    ...functions,
    "}",
    "",
  ].join("\n");
}

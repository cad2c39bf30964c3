/** Types of the core's exports, from the declarations that the AssemblyScript compiler writes. */

const DOC =
  /\/\*\*\s*\n\s*\* (\S+)\/(\w+)\n(?:(?!\*\/)[\s\S])*?\*\/\s*export function \2\(([^)]*)\): ([^;]+);/g;

/** Text of a module with `CoreExports` (every function) and `OpName` (those of assembly/ops). */
export function coreTypes(declarations: string): string {
  const functions: string[] = [];
  const ops: string[] = [];
  for (const [, file, name, parameters, result] of declarations.matchAll(DOC)) {
    const names = (parameters ?? "").split(",").map((p) => p.split(":")[0]?.trim() ?? "");
    const list = names.filter((p) => p !== "").map((p) => `${p}: number`);
    const returns = result === "void" ? "void" : "number";
    functions.push(`  ${name}(${list.join(", ")}): ${returns};`);
    if (file?.startsWith("assembly/ops/")) ops.push(`"${name}"`);
  }
  return [
    "// Made by scripts/build.ts from assembly/. Records are passed as pointers, booleans as 0 or 1.",
    "export interface CoreExports {",
    "  readonly memory: WebAssembly.Memory;",
    ...functions,
    "}",
    `export type OpName = ${ops.sort().join(" | ")};`,
    "",
  ].join("\n");
}

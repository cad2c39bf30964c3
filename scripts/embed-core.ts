import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the made modules below a checkout. */
export const WASM_FOLDER = "src/engine/wasm";

/** Writes the compiled core of `target` as a base64 module. */
export function embedCore(root: string, target: string): void {
  const base64 = readFileSync(join(root, `build/${target}.wasm`)).toString("base64");
  const text = `export const ${target.toUpperCase()}_WASM: string =\n  "${base64}";\n`;
  mkdirSync(join(root, WASM_FOLDER), { recursive: true });
  writeFileSync(
    join(root, WASM_FOLDER, `${target}.ts`),
    `// Made by scripts/build.ts from assembly/.\n${text}`,
  );
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packWasm } from "./pack/pack-wasm.ts";

/** Folder of the made modules below a checkout. */
export const WASM_FOLDER = "src/engine/wasm";

/** Writes the compiled core of `target` as a module of text; `passes` as of {@link packWasm}. */
export function embedCore(root: string, target: string, passes?: number): void {
  const text = packWasm(readFileSync(join(root, `build/${target}.wasm`)), passes);
  writeModule(root, target, `string =\n  "${text}"`);
}

/** Writes the module that unpacks the others as it is, for there is nothing yet that could unpack it. */
export function embedUnpacker(root: string): void {
  const text = readFileSync(join(root, "build/unpack.wasm")).toString("base64");
  writeModule(root, "unpack", `string =\n  "${text}"`);
}

/** Writes a module whose core was not compiled; code that asks for it explains what to do. */
export function omitCore(root: string, target: string): void {
  writeModule(root, target, "string | undefined = undefined");
}

function writeModule(root: string, target: string, typeAndValue: string): void {
  const name = `${target.toUpperCase().replaceAll("-", "_")}_WASM`;
  mkdirSync(join(root, WASM_FOLDER), { recursive: true });
  writeFileSync(
    join(root, WASM_FOLDER, `${target}.ts`),
    `// Made by scripts/build.ts from assembly/.\nexport const ${name}: ${typeAndValue};\n`,
  );
}

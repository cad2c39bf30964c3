/** Loads the WASM core: finds the bytes, checks that they are ours, turns the core's panics into typed errors. */
import { ABI_VERSION, FOREIGN_GRADIENT, OUT_OF_MEMORY } from "./abi.ts";
import { DataFormatError, InternalError, OptionError, OutOfMemoryError } from "./errors.ts";
import { unpackWasm } from "./packed-wasm.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** What every module of this library exports. */
export interface VersionedExports {
  readonly memory: WebAssembly.Memory;
  abiVersion(): number;
}

/** What the core can be loaded from; a string is of {@link packWasm}. */
export type WasmSource = string | BufferSource | WebAssembly.Module | Response | URL;

/**
 * Instantiates a core of its own memory.
 *
 * @param source - the binary
 * @throws {DataFormatError} if the bytes are no WASM (an HTML page served in its place is recognised) or of another version
 */
export async function loadCore(source: WasmSource): Promise<CoreExports> {
  return instantiateCore(await compileCore(source));
}

/** @throws {DataFormatError} as {@link loadCore} */
export async function compileCore(source: WasmSource): Promise<WebAssembly.Module> {
  return source instanceof WebAssembly.Module ? source : compile(await bytesOf(source));
}

/**
 * An instance of the core, or of another module of this library; instances of a threads build may share one memory.
 *
 * @param shared - for a build that imports its memory
 * @throws {DataFormatError} if the core is of another version
 */
export async function instantiateCore<C extends VersionedExports = CoreExports>(
  module: WebAssembly.Module,
  shared?: SharedMemory,
): Promise<C> {
  let memory = shared?.memory;
  const abort = (message: number, file: number, line: number): never => {
    const text = memory === undefined ? "" : readString(memory, message);
    if (text.startsWith(OUT_OF_MEMORY)) throw new OutOfMemoryError(`engine: ${text}`);
    if (text === FOREIGN_GRADIENT) {
      throw new OptionError(
        `engine: Cannot compute a stretch again: expected its inputs and parameters alone, got ${text}; pass it to recompute()`,
      );
    }
    const where = memory === undefined ? "" : `${readString(memory, file)}:${line}`;
    throw new InternalError(`internal: ${text} (${where})`);
  };
  const imports =
    shared === undefined
      ? { env: { abort } }
      : {
          env: { abort, memory: shared.memory },
          memory: { memoryGrown: () => shared.grown() },
        };
  const { exports } = await WebAssembly.instantiate(module, imports);
  const core = exports as unknown as C;
  memory = core.memory;
  const version = typeof core.abiVersion === "function" ? core.abiVersion() : "none";
  if (version !== ABI_VERSION) {
    throw new DataFormatError(
      `engine: Cannot use this core: expected version ${ABI_VERSION}, got ${version}; run npm run build`,
    );
  }
  return core;
}

async function bytesOf(source: WasmSource): Promise<BufferSource> {
  if (typeof source === "string") return unpackWasm(source);
  if (source instanceof URL) return (await fetch(source)).arrayBuffer();
  if (typeof Response !== "undefined" && source instanceof Response) return source.arrayBuffer();
  return source as BufferSource;
}

async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  const magic = String.fromCharCode(...view.subarray(0, 4));
  if (magic !== "\0asm") {
    const got = magic.startsWith("<") ? "an HTML page" : JSON.stringify(magic);
    throw new DataFormatError(
      `engine: Cannot compile the core: expected WASM bytes, got ${got}; check the URL or pass no source`,
    );
  }
  return WebAssembly.compile(bytes);
}

/** An AssemblyScript string: UTF-16, its length in bytes stands before it. */
function readString(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const start = pointer >>> 0;
  const bytes = new DataView(memory.buffer).getUint32(start - 4, true);
  return String.fromCharCode(...new Uint16Array(memory.buffer.slice(start, start + bytes)));
}

/** Loads the WASM core: finds the bytes, checks that they are ours, turns the core's panics into typed errors. */
import { ABI_VERSION, FOREIGN_GRADIENT, OUT_OF_MEMORY } from "./abi.ts";
import {
  DataFormatError,
  InternalError,
  OptionError,
  OutOfMemoryError,
  UnsupportedError,
} from "./errors.ts";
import { unpackWasm } from "./packed-wasm.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** What every module of this library exports. */
export interface VersionedExports {
  readonly memory: WebAssembly.Memory;
  abiVersion(): number;
}

/** What the core can be loaded from; a string is what {@link unpackWasm} unpacks. */
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
  if (typeof WebAssembly === "undefined") throw refused("none");
  if (source instanceof WebAssembly.Module) return source;
  // Before any mention of `Response`: with the first one Node loads its whole HTTP client, for some 25 ms.
  if (typeof source === "string" || ArrayBuffer.isView(source)) return compile(source);
  const response = source instanceof URL ? await fetchCore(source) : source;
  if (typeof Response !== "undefined" && response instanceof Response) return stream(response);
  return compile(response as string | BufferSource);
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
  const abort = (message: number, file: number, line: number, column: number): never => {
    const text = memory === undefined ? "" : readString(memory, message);
    if (text === OUT_OF_MEMORY) {
      const where = file === 0 ? "all" : "one tensor";
      throw new OutOfMemoryError(
        `engine: ${text}: expected at most ${line >>> 0} bytes in ${where}, got ${column >>> 0}${file === 0 ? " more" : ""}; smaller or micro batches or frozen encoders take less`,
      );
    }
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

async function fetchCore(url: URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    throw new DataFormatError(
      `engine: Cannot fetch the core: expected a file at ${url.href}, got no answer; serve altermodal/engine.wasm there`,
      { cause },
    );
  }
}

/** Compiles while the bytes arrive, if the server says what they are. */
async function stream(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new DataFormatError(
      `engine: Cannot fetch the core: expected a file at ${response.url}, got HTTP status ${response.status}; serve altermodal/engine.wasm there`,
    );
  }
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/wasm") || !("compileStreaming" in WebAssembly)) {
    return compile(await response.arrayBuffer());
  }
  try {
    return await WebAssembly.compileStreaming(response.clone());
  } catch {
    // Says what is wrong with the bytes.
    return compile(await response.arrayBuffer());
  }
}

function refused(got: string, cause?: unknown): UnsupportedError {
  return new UnsupportedError(
    `engine: Cannot compile the core: expected a runtime that allows WebAssembly, got ${got}; under a content security policy add 'wasm-unsafe-eval' to script-src`,
    { cause },
  );
}

async function compile(source: string | BufferSource): Promise<WebAssembly.Module> {
  try {
    const bytes = typeof source === "string" ? unpackWasm(source) : source;
    checkMagic(bytes);
    return await WebAssembly.compile(bytes);
  } catch (error) {
    if (error instanceof DataFormatError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    if (/content security policy|unsafe-eval|disallowed by embedder/i.test(text)) {
      throw refused("a refusal", error);
    }
    throw new DataFormatError(
      `engine: Cannot compile the core: expected the bytes of altermodal/engine.wasm, got others: ${text}; check the file for truncation`,
      { cause: error },
    );
  }
}

function checkMagic(bytes: BufferSource): void {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  const magic = String.fromCharCode(...view.subarray(0, 4));
  if (magic === "\0asm") return;
  const got = magic.startsWith("<") ? "an HTML page" : JSON.stringify(magic);
  throw new DataFormatError(
    `engine: Cannot compile the core: expected WASM bytes, got ${got}; check the URL or pass no source`,
  );
}

/** An AssemblyScript string: UTF-16, its length in bytes stands before it. */
function readString(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const start = pointer >>> 0;
  const bytes = new DataView(memory.buffer).getUint32(start - 4, true);
  return String.fromCharCode(...new Uint16Array(memory.buffer.slice(start, start + bytes)));
}

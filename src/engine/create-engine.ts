import type { Engine } from "./engine.ts";
import { type EngineOptions, startEngine } from "./start-engine.ts";
import { SIMD_WASM } from "./wasm/simd.ts";

export type { EngineOptions } from "./start-engine.ts";

/**
 * Loads the core and makes an engine. Engines are independent; any number may live side by side.
 *
 * What the runtime cannot do is left out, and `engine.info()` says so.
 *
 * @throws {DataFormatError} if the given WASM is not this library's
 * @throws {UnsupportedError} if the runtime refuses WebAssembly
 * @throws {OptionError} if threads are required and cannot be had
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine(SIMD_WASM, options);
}

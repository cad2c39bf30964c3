/** Loads the features core, a small WASM module beside the engine's, and lends its memory to one call at a time. */
import { compileCore, instantiateCore, type WasmSource } from "../engine/core.ts";
import { OutOfMemoryError } from "../engine/errors.ts";
import type { FeatureExports } from "../engine/wasm/feature-exports.ts";
import { FEATURES_WASM } from "../engine/wasm/features.ts";

export interface FeaturesOptions {
  /** Exactly this module; default: the embedded one. */
  wasm?: WasmSource;
}

/** Addresses are 32 bits wide. */
const MOST_BYTES = 0xfff00000;

/** Tables that are kept: those of a few settings, not of every sample rate ever seen. */
const KEPT_TABLES = 64;

/**
 * What the feature functions run on. Independent of any engine; make one and use it for everything.
 *
 * Its memory grows to what the largest call needs, and no call leaves anything in it.
 */
export class Features {
  readonly core: FeatureExports;
  readonly #tables = new Map<string, unknown>();

  constructor(core: FeatureExports) {
    this.core = core;
  }

  /** Starts a call: what was allocated before is forgotten. */
  begin(): void {
    this.core.reset();
  }

  /**
   * Address of `bytes` of memory, with room for a whole vector past their end; not zeroed.
   *
   * @throws {OutOfMemoryError} if they do not fit into 4 GiB with what the call holds already
   */
  room(bytes: number): number {
    if (bytes > MOST_BYTES) {
      throw new OutOfMemoryError(
        `features: Cannot hold a call: expected at most ${MOST_BYTES} bytes, got ${bytes}`,
      );
    }
    return this.core.allocate(bytes) >>> 0;
  }

  /** Address of a copy of `values`, with `spare` more bytes behind it. */
  put(
    values: Float32Array | Float64Array | Int32Array | Int16Array | Uint8Array,
    spare = 0,
  ): number {
    const pointer = this.room(values.byteLength + spare);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.core.memory.buffer, pointer, values.byteLength).set(bytes);
    return pointer;
  }

  /** The f32 numbers at `pointer`; valid until memory is allocated again. */
  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.core.memory.buffer, pointer, length);
  }

  /** The bytes at `pointer`; valid until memory is allocated again. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.core.memory.buffer, pointer, length);
  }

  /** What `build` gives, kept for the next call with this key. */
  table<T>(key: string, build: () => T): T {
    const kept = this.#tables.get(key);
    if (kept !== undefined) return kept as T;
    const table = build();
    const oldest = this.#tables.keys().next();
    if (this.#tables.size >= KEPT_TABLES && !oldest.done) this.#tables.delete(oldest.value);
    this.#tables.set(key, table);
    return table;
  }
}

/**
 * Loads the features core.
 *
 * @throws {DataFormatError} if the given WASM is not this library's
 */
export async function createFeatures(options: FeaturesOptions = {}): Promise<Features> {
  const module = await compileCore(options.wasm ?? FEATURES_WASM);
  return new Features(await instantiateCore<FeatureExports>(module));
}

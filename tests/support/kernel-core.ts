import { loadCore } from "../../src/engine/core.ts";
import type { CoreExports } from "../../src/engine/wasm/exports.ts";
import { SCALAR_WASM } from "../../src/engine/wasm/scalar.ts";
import { SIMD_WASM } from "../../src/engine/wasm/simd.ts";

const PAGES = 512;
const PAGE_BYTES = 65536;
const ALIGNMENT = 16;

/** A core with pages of its own, which the engine never touches, for kernels on raw pointers. */
export interface KernelCore {
  readonly core: CoreExports;
  /** Room for `length` 4-byte elements, 16-byte aligned; filled with `values`. */
  floats(length: number, values?: ArrayLike<number>): number;
  ints(length: number, values?: ArrayLike<number>): number;
  bytes(length: number): number;
  read(pointer: number, length: number): Float32Array;
  readInts(pointer: number, length: number): Int32Array;
  /** Forgets everything handed out. */
  reset(): void;
}

async function kernelCore(wasm: string): Promise<KernelCore> {
  const core = await loadCore(wasm);
  const base = core.memory.grow(PAGES) * PAGE_BYTES;
  let top = base;
  const bytes = (length: number): number => {
    const pointer = top;
    top += (length + ALIGNMENT - 1) & -ALIGNMENT;
    if (top > base + PAGES * PAGE_BYTES) throw new Error("kernelCore: out of pages");
    return pointer;
  };
  return {
    core,
    bytes,
    floats(length, values) {
      const pointer = bytes(length * 4);
      if (values !== undefined) new Float32Array(core.memory.buffer, pointer, length).set(values);
      return pointer;
    },
    ints(length, values) {
      const pointer = bytes(length * 4);
      if (values !== undefined) new Int32Array(core.memory.buffer, pointer, length).set(values);
      return pointer;
    },
    read: (pointer, length) => new Float32Array(core.memory.buffer, pointer, length).slice(),
    readInts: (pointer, length) => new Int32Array(core.memory.buffer, pointer, length).slice(),
    reset() {
      top = base;
    },
  };
}

/** Both builds: `scalar` is the oracle of `simd`. */
export const KERNEL_CORES = {
  simd: await kernelCore(SIMD_WASM),
  scalar: await kernelCore(SCALAR_WASM),
} satisfies Record<string, KernelCore>;

/** Seeded values in [-1, 1), all different, so that a swapped lane shows. */
export function noise(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x80000000 - 1;
  });
}

/** The bit patterns, so that -0 and NaN count as what they are. */
export function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

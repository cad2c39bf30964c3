import { F64, I32 } from "./abi.ts";
import { type MemoryUse, memoryUse } from "./engine-info.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { TensorData } from "./tensor.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** The memory of one WASM instance, as JavaScript reads and writes it. */
export class EngineMemory {
  /** The WASM exports; an instrumented copy while a profile is taken. */
  core: CoreExports;
  #i32 = new Int32Array();
  #f32 = new Float32Array();

  constructor(core: CoreExports, shared: SharedMemory | undefined) {
    this.core = core;
    if (shared !== undefined) {
      shared.onGrow = () => {
        this.#i32 = new Int32Array();
        this.#f32 = new Float32Array();
      };
    }
  }

  /**
   * All of memory as i32. Growth detaches the old buffer, which empties its views: asking for their length is 30 ns
   * cheaper than asking the memory for its buffer. A shared memory tells when it grows.
   */
  get i32(): Int32Array<ArrayBuffer> {
    if (this.#i32.length === 0) this.#i32 = new Int32Array(this.core.memory.buffer as ArrayBuffer);
    return this.#i32;
  }

  /** All of memory as f32: to read or write one number, as a view of its own costs 100 ns. */
  get f32(): Float32Array<ArrayBuffer> {
    if (this.#f32.length === 0) {
      this.#f32 = new Float32Array(this.core.memory.buffer as ArrayBuffer);
    }
    return this.#f32;
  }

  /** Elements at an address of the core's memory. */
  viewAt(pointer: number, dtype: number, size: number): TensorData {
    const buffer = this.core.memory.buffer as ArrayBuffer;
    if (dtype === F64) return new Float64Array(buffer, pointer >>> 0, size);
    if (dtype === I32) return new Int32Array(buffer, pointer >>> 0, size);
    return new Float32Array(buffer, pointer >>> 0, size);
  }

  /** Bytes in use. */
  memory(): MemoryUse {
    return memoryUse(this.core);
  }
}

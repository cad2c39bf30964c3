/** Pages of the core at load and at most, as asconfig.json states them. */
const INITIAL_PAGES = 16;
const MAXIMUM_PAGES = 65535;
/** Half the maximum is tried this often where addresses are scarce: down to 256 MiB. */
const HALVINGS = 4;

/** A memory that several instances of the core work on. */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  /** Called after the memory has grown: views of a shared memory stay as they are, and so too short. */
  onGrow: () => void = () => {};

  constructor(memory: WebAssembly.Memory = createMemory()) {
    this.memory = memory;
  }

  grown(): void {
    // Growing by nothing makes `memory.buffer` what there is now.
    this.memory.grow(0);
    this.onGrow();
  }
}

function createMemory(): WebAssembly.Memory {
  for (let halvings = 0; ; halvings++) {
    const maximum = MAXIMUM_PAGES >> halvings;
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
    } catch (error) {
      if (halvings === HALVINGS) throw error;
    }
  }
}

/** Why memory cannot be shared here; undefined if it can. */
export function whyNotShared(): string | undefined {
  if (typeof SharedArrayBuffer !== "undefined") return undefined;
  return globalThis.crossOriginIsolated === false
    ? "not cross-origin isolated"
    : "no shared memory";
}

/** True if this thread may sleep on shared memory: a browser's main thread may not. */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

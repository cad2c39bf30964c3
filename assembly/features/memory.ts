/** The memory of one call: everything behind the static data, handed out in order and forgotten by the next call. */
import { OUT_OF_MEMORY } from "../../src/engine/abi";

const PAGE_BITS = 16;

let top: usize = (__heap_base + 15) & ~15;
const base: usize = top;

/** Forgets what was allocated. */
export function reset(): void {
  top = base;
}

/** `bytes` of 16-byte aligned memory with room for one whole vector past their end; not zeroed. */
export function allocate(bytes: usize): usize {
  const pointer = top;
  const wanted = <u64>pointer + <u64>bytes + 31;
  const pages = <i32>((wanted + 0xffff) >> PAGE_BITS);
  // Grown by half again, so that slowly growing calls do not grow memory each time.
  const more = pages - memory.size();
  if (more > 0 && memory.grow(max(more, memory.size() >> 1)) < 0 && memory.grow(more) < 0) {
    abort(OUT_OF_MEMORY, null, -0x10000, <i32>bytes);
  }
  top = <usize>(wanted & ~15);
  return pointer;
}

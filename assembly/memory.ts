/**
 * Two regions in one linear memory.
 *
 * The persistent region (parameters, optimizer state, data) is the runtime's TLSF heap: allocate and free one by one.
 * The arena (activations, gradients, tape) is a chain of blocks taken from that heap. It is bumped, and a scope's end
 * rewinds it in O(1); blocks stay for the next step, so a steady loop never grows memory.
 */
import { OUT_OF_MEMORY } from "../src/engine/abi";

/** Smallest block the arena takes from the heap. */
const BLOCK_BYTES: usize = 1 << 22;

@unmanaged
class Block {
  next: usize;
  end: usize;
}

/** The host's: a shared memory that grows does not detach its views, so it has to be told. */
declare function memoryGrown(): void;

let pages: i32 = memory.size();

let persistentBytes: usize = 0;
let arenaBytes: usize = 0;
let arenaUsed: usize = 0;
let arenaPeak: usize = 0;
let limitBytes: usize = 0xffff0000;

let firstBlock: usize = 0;
let block: usize = 0;
let top: usize = 0;
/** End of the block at hand; 0 while there is none. */
let end: usize = 0;

/** The heap holds no block of 1 GiB or more. */
const BLOCK_LIMIT: usize = (1 << 30) - 64;

function reserve(bytes: usize): usize {
  if (bytes > BLOCK_LIMIT) {
    abort(
      OUT_OF_MEMORY +
        ": expected at most " +
        decimal(BLOCK_LIMIT) +
        " bytes in one tensor, got " +
        decimal(bytes),
    );
  }
  if (bytes > limitBytes || persistentBytes + arenaBytes > limitBytes - bytes) {
    abort(
      OUT_OF_MEMORY +
        ": expected at most " +
        decimal(limitBytes) +
        " bytes, got " +
        decimal(<u64>persistentBytes + arenaBytes + bytes),
    );
  }
  if (!fitsInMemory(bytes)) {
    abort(
      OUT_OF_MEMORY +
        ": expected room for " +
        decimal(bytes) +
        " bytes in 4 GiB, got " +
        decimal(<u64>persistentBytes + arenaBytes) +
        " bytes in use",
    );
  }
  const pointer = heap.alloc(bytes);
  if (ASC_FEATURE_THREADS && memory.size() != pages) {
    pages = memory.size();
    memoryGrown();
  }
  return pointer;
}

/** As toString(), without its tables for every radix. */
function decimal(value: u64): string {
  const digit = String.fromCharCode(48 + <i32>(value % 10));
  return value < 10 ? digit : decimal(value / 10) + digit;
}

/** The last page is never taken: the end of the memory stays a number of 32 bits. */
const MOST_PAGES: u32 = 0xffff;

/**
 * Whether memory can still grow by so much, or else as much should be free: where neither is so, the heap would trap. It
 * rounds up by at most a sixteenth.
 */
function fitsInMemory(bytes: usize): bool {
  const wanted = <u64>bytes + (bytes >> 4) + 64;
  const size = <u64>memory.size();
  if (size + ((wanted + 0xffff) >> 16) <= MOST_PAGES) return true;
  return <u64>persistentBytes + arenaBytes + wanted <= size << 16;
}

/** Allocates `bytes` that live until {@link freePersistent}; 16-byte aligned, not zeroed. */
export function allocPersistent(bytes: usize): usize {
  const size = (bytes + 15) & ~15;
  const pointer = reserve(size);
  persistentBytes += size;
  return pointer;
}

export function freePersistent(pointer: usize, bytes: usize): void {
  persistentBytes -= (bytes + 15) & ~15;
  heap.free(pointer);
}

/** Allocates `bytes` that live until the scope ends; 16-byte aligned, not zeroed. */
export function allocArena(bytes: usize): usize {
  return Arena.alloc(bytes);
}

/** {@link allocArena}, compiled into its callers: in a small op, calls are what takes the time. */
@unmanaged
export class Arena {
  @inline
  static alloc(bytes: usize): usize {
    const size = (bytes + 15) & ~15;
    // Not `top + size > end`: near 4 GiB the sum would begin again at 0.
    if (size > end - top) nextBlock(size);
    const pointer = top;
    top = pointer + size;
    arenaUsed += size;
    return pointer;
  }
}

/** Moves to the next block that holds `size` bytes, in chain order; a new one is linked in when none does. */
function nextBlock(size: usize): void {
  let next = block == 0 ? firstBlock : changetype<Block>(block).next;
  if (next == 0 || size > changetype<Block>(next).end - dataStart(next)) {
    const bytes = max(BLOCK_BYTES, size + headerBytes());
    const fresh = reserve(bytes);
    arenaBytes += bytes;
    changetype<Block>(fresh).next = next;
    changetype<Block>(fresh).end = fresh + bytes;
    if (block == 0) firstBlock = fresh;
    else changetype<Block>(block).next = fresh;
    next = fresh;
  }
  block = next;
  top = dataStart(next);
  end = changetype<Block>(next).end;
}

function headerBytes(): usize {
  return (offsetof<Block>() + 15) & ~15;
}

function dataStart(pointer: usize): usize {
  return pointer + headerBytes();
}

/** Where the arena stands; base of what a scope keeps. */
@unmanaged
export class Mark {
  block: usize;
  top: usize;
  used: usize;
}

/** Allocates an M that remembers the arena's position before itself. */
export function pushMark<M>(): M {
  const blockBefore = block;
  const topBefore = top;
  const usedBefore = arenaUsed;
  const mark = changetype<Mark>(allocArena(offsetof<M>()));
  mark.block = blockBefore;
  mark.top = topBefore;
  mark.used = usedBefore;
  return changetype<M>(mark);
}

/** Between rewinds the arena only grows, so the peak need not be looked at more often. */
function notePeak(): void {
  if (arenaUsed > arenaPeak) arenaPeak = arenaUsed;
}

/** Rewinds the arena to `mark`, which is itself gone then. */
export function rewind(mark: Mark): void {
  notePeak();
  block = mark.block;
  end = block == 0 ? 0 : changetype<Block>(block).end;
  top = mark.top;
  arenaUsed = mark.used;
}

export function memoryPersistent(): usize {
  return persistentBytes;
}

export function memoryArena(): usize {
  return arenaBytes;
}

export function memoryArenaUsed(): usize {
  return arenaUsed;
}

export function memoryArenaPeak(): usize {
  notePeak();
  return arenaPeak;
}

/** Sets the most bytes that the two regions may take together. */
export function setMemoryLimit(bytes: usize): void {
  limitBytes = bytes;
}

/**
 * Two regions in one linear memory.
 *
 * The persistent region (parameters, optimizer state, data) is the runtime's TLSF heap: allocate and free one by one.
 * The arena (activations, gradients, tape) is a chain of blocks taken from that heap. It is bumped, and a scope's end
 * rewinds it in O(1); blocks stay for the next step, so a steady loop never grows memory. Only where memory runs short are
 * blocks that no scope is in given back.
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
/** Bytes in use are those of the blocks before the one at hand, and what `top` is past its start: `usedBelow + top`. */
let usedBelow: usize = 0;
let arenaPeak: usize = 0;
let limitBytes: usize = 0xffff0000;

let firstBlock: usize = 0;
let block: usize = 0;
let top: usize = 0;
/** End of the block at hand; 0 while there is none. */
let end: usize = 0;

/** The heap holds no block of 1 GiB or more. */
const BLOCK_LIMIT: usize = (1 << 30) - 64;

/** Where there is no room, the host is told how many bytes there may be and how many are wanted; a name: in one tensor. */
function reserve(bytes: usize): usize {
  if (bytes > BLOCK_LIMIT) abort(OUT_OF_MEMORY, OUT_OF_MEMORY, BLOCK_LIMIT, bytes);
  if (!hasRoom(bytes)) dropUnusedBlocks();
  if (!hasRoom(bytes)) abort(OUT_OF_MEMORY, null, limitBytes, bytes);
  const pointer = heap.alloc(bytes);
  if (ASC_FEATURE_THREADS && memory.size() != pages) {
    pages = memory.size();
    memoryGrown();
  }
  return pointer;
}

/** The last page is never taken: the end of the memory stays a number of 32 bits. */
const MOST_PAGES: u32 = 0xffff;

/**
 * Whether the limit allows so much, and memory can still grow by it, or else as much should be free: where neither is so,
 * the heap would trap. It rounds up by at most a sixteenth.
 */
function hasRoom(bytes: usize): bool {
  const used = <u64>persistentBytes + arenaBytes;
  if (used + bytes > limitBytes) return false;
  const wanted = <u64>bytes + (bytes >> 4) + 64;
  const size = <u64>memory.size();
  return size + ((wanted + 0xffff) >> 16) <= MOST_PAGES || used + wanted <= size << 16;
}

/** Gives the blocks after the one at hand back to the heap: larger scopes, or others, have left them. */
function dropUnusedBlocks(): void {
  let unused = blockAfter();
  if (block == 0) firstBlock = 0;
  else changetype<Block>(block).next = 0;
  while (unused != 0) {
    const next = changetype<Block>(unused).next;
    arenaBytes -= changetype<Block>(unused).end - unused;
    heap.free(unused);
    unused = next;
  }
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
    return pointer;
  }
}

/** Moves to the next block that holds `size` bytes, in chain order; a new one is linked in when none does. */
function nextBlock(size: usize): void {
  let next = blockAfter();
  if (next == 0 || size > changetype<Block>(next).end - dataStart(next)) {
    const bytes = max(BLOCK_BYTES, size + headerBytes());
    const fresh = reserve(bytes);
    arenaBytes += bytes;
    // Where memory is short, `reserve` has dropped it.
    changetype<Block>(fresh).next = blockAfter();
    changetype<Block>(fresh).end = fresh + bytes;
    if (block == 0) firstBlock = fresh;
    else changetype<Block>(block).next = fresh;
    next = fresh;
  }
  block = next;
  usedBelow += top - dataStart(next);
  top = dataStart(next);
  end = changetype<Block>(next).end;
}

/** The block after the one at hand, or 0. */
function blockAfter(): usize {
  return block == 0 ? firstBlock : changetype<Block>(block).next;
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
  usedBelow: usize;
}

/** Allocates an M that remembers the arena's position before itself. */
export function pushMark<M>(): M {
  const blockBefore = block;
  const topBefore = top;
  const usedBefore = usedBelow;
  const mark = changetype<Mark>(allocArena(offsetof<M>()));
  mark.block = blockBefore;
  mark.top = topBefore;
  mark.usedBelow = usedBefore;
  return changetype<M>(mark);
}

/** Between rewinds the arena only grows, so the peak need not be looked at more often. */
function notePeak(): void {
  arenaPeak = max(arenaPeak, usedBelow + top);
}

/** Rewinds the arena to `mark`, which is itself gone then. */
export function rewind(mark: Mark): void {
  notePeak();
  block = mark.block;
  end = block == 0 ? 0 : changetype<Block>(block).end;
  top = mark.top;
  usedBelow = mark.usedBelow;
}

export function memoryPersistent(): usize {
  return persistentBytes;
}

export function memoryArena(): usize {
  return arenaBytes;
}

export function memoryArenaUsed(): usize {
  return usedBelow + top;
}

export function memoryArenaPeak(): usize {
  notePeak();
  return arenaPeak;
}

/** Sets the most bytes that the two regions may take together. */
export function setMemoryLimit(bytes: usize): void {
  limitBytes = bytes;
}

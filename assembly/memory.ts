/**
 * Two regions in one linear memory.
 *
 * The persistent region (parameters, optimizer state, data) is the runtime's TLSF heap: allocate and free one by one.
 * The arena (activations, gradients, tape) is a chain of blocks taken from that heap. It is bumped, and a scope's end
 * rewinds it in O(1); blocks stay for the next step, so a steady loop never grows memory. What is large is a piece of the heap
 * for itself, freed by the scope's end, so that steps of different sizes leave nothing behind.
 */
import { OUT_OF_MEMORY } from "../src/engine/abi";

/** What the arena takes from the heap for all that is small. */
const BLOCK_BYTES: usize = 1 << 22;

/** From here on a tensor that the block at hand has no room for is a piece for itself. */
const PIECE_BYTES: usize = 1 << 20;

/** Before the data of blocks and pieces. */
const HEADER_BYTES: usize = 16;

@unmanaged
class Block {
  next: usize;
}

@unmanaged
class Piece {
  /** The one taken before it. */
  next: usize;
  bytes: usize;
}

/** The host's: a shared memory that grows does not detach its views, so it has to be told. */
declare function memoryGrown(): void;

let pages: i32 = memory.size();

let persistentBytes: usize = 0;
let arenaBytes: usize = 0;
/** Bytes in use are those of pieces and of the blocks before the one at hand, and `top` past its start: `usedBelow + top`. */
let usedBelow: usize = 0;
let arenaPeak: usize = 0;
let limitBytes: usize = 0xffff0000;

let firstBlock: usize = 0;
let block: usize = 0;
let top: usize = 0;
/** End of the block at hand; 0 while there is none. */
let end: usize = 0;
/** The newest. */
let piece: usize = 0;

/** The heap holds no block of 1 GiB or more. */
const BLOCK_LIMIT: usize = (1 << 30) - 64;

/** Where there is no room, the host is told how many bytes there may be and how many are wanted; a name: in one tensor. */
function reserve(bytes: usize): usize {
  if (bytes > BLOCK_LIMIT) abort(OUT_OF_MEMORY, OUT_OF_MEMORY, BLOCK_LIMIT, bytes);
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

/** Bytes from which on what is persistent begins with a cache line: a row times a matrix is then up to 5 % faster. */
const LINED_BYTES: usize = 4096;
const LINE: usize = 64;

/** What an allocation takes from the heap. */
function persistentSize(bytes: usize): usize {
  return ((bytes + 15) & ~15) + (bytes >= LINED_BYTES ? LINE : 0);
}

/** Allocates `bytes` that live until {@link freePersistent}; 16-byte aligned, not zeroed. */
export function allocPersistent(bytes: usize): usize {
  const size = persistentSize(bytes);
  const taken = reserve(size);
  persistentBytes += size;
  if (bytes < LINED_BYTES) return taken;
  // The 16 bytes before it hold what the heap is to be given back.
  const pointer = (taken + LINE) & ~(LINE - 1);
  store<usize>(pointer - 16, taken);
  return pointer;
}

export function freePersistent(pointer: usize, bytes: usize): void {
  persistentBytes -= persistentSize(bytes);
  heap.free(bytes < LINED_BYTES ? pointer : load<usize>(pointer - 16));
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
    if (size > end - top) return allocElsewhere(size);
    const pointer = top;
    top = pointer + size;
    return pointer;
  }
}

/** Not in the block at hand: a piece of its own, or the next block in chain order; a new one where there is none. */
function allocElsewhere(size: usize): usize {
  if (size >= PIECE_BYTES) return allocPiece(size);
  let next = block == 0 ? firstBlock : changetype<Block>(block).next;
  if (next == 0) {
    next = reserve(BLOCK_BYTES);
    arenaBytes += BLOCK_BYTES;
    changetype<Block>(next).next = 0;
    if (block == 0) firstBlock = next;
    else changetype<Block>(block).next = next;
  }
  block = next;
  const pointer = next + HEADER_BYTES;
  usedBelow += top - pointer;
  top = pointer + size;
  end = next + BLOCK_BYTES;
  return pointer;
}

function allocPiece(size: usize): usize {
  const bytes = size + HEADER_BYTES;
  const fresh = reserve(bytes);
  arenaBytes += bytes;
  usedBelow += size;
  changetype<Piece>(fresh).next = piece;
  changetype<Piece>(fresh).bytes = bytes;
  piece = fresh;
  return fresh + HEADER_BYTES;
}

/** Where the arena stands; base of what a scope keeps. */
@unmanaged
export class Mark {
  block: usize;
  top: usize;
  usedBelow: usize;
  piece: usize;
}

/** Allocates an M that remembers the arena's position before itself. */
export function pushMark<M>(): M {
  const blockBefore = block;
  const topBefore = top;
  const usedBefore = usedBelow;
  const pieceBefore = piece;
  const mark = changetype<Mark>(allocArena(offsetof<M>()));
  mark.block = blockBefore;
  mark.top = topBefore;
  mark.usedBelow = usedBefore;
  mark.piece = pieceBefore;
  return changetype<M>(mark);
}

/** Between rewinds the arena only grows, so the peak need not be looked at more often. */
function notePeak(): void {
  arenaPeak = max(arenaPeak, usedBelow + top);
}

/** Rewinds the arena to `mark`, which is itself gone then. */
export function rewind(mark: Mark): void {
  notePeak();
  freePieces(mark.piece);
  block = mark.block;
  end = block == 0 ? 0 : block + BLOCK_BYTES;
  top = mark.top;
  usedBelow = mark.usedBelow;
}

/** Frees the pieces that are newer than `last`. */
function freePieces(last: usize): void {
  while (piece != last) {
    const next = changetype<Piece>(piece).next;
    arenaBytes -= changetype<Piece>(piece).bytes;
    heap.free(piece);
    piece = next;
  }
}

/** Takes the piece that holds `data` out of those that `mark` will free; returns it, or 0 if there is none. */
export function takePiece(mark: Mark, data: usize): usize {
  let newer: usize = 0;
  for (let at = piece; at != mark.piece; at = changetype<Piece>(at).next) {
    if (data > at && data - at < changetype<Piece>(at).bytes) {
      const next = changetype<Piece>(at).next;
      if (newer == 0) piece = next;
      else changetype<Piece>(newer).next = next;
      return at;
    }
    newer = at;
  }
  return 0;
}

/** Gives a piece that was taken to the scope at hand. */
export function keepPiece(taken: usize): void {
  changetype<Piece>(taken).next = piece;
  piece = taken;
  usedBelow += changetype<Piece>(taken).bytes - HEADER_BYTES;
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

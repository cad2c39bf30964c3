/**
 * A product at work, as its threads read it, and how it is cut up: b into blocks of columns, k into slices, a into blocks
 * of rows and of slices.
 */
import { itemCount, itemStart, threadCount } from "../parallel";
import { TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Longest slice of k: a panel of a then takes 6 kB, one of b 13 kB. */
const SLICE: i32 = 400;
/** Floats of a packed block of a: 512 kB, which are read from end to end for each block of b. */
const A_FLOATS: i32 = 131072;
/** Floats of a packed block of b: 200 kB, which stay in the second level cache. */
const B_FLOATS: i32 = 51200;
/** Least floats of a thread's block of b: with fewer, its strips are so short that their calls take longer. */
const SHARE_FLOATS: i32 = 16384;
/** Below this many rows, packing b costs more than it saves. */
const PACK_B_ROWS: i32 = 12;
/** Below this many columns, packing a costs more than it saves. */
const PACK_A_COLUMNS: i32 = 48;

const A_BYTES: usize = (<usize>A_FLOATS) << 2;
const B_BYTES: usize = (<usize>B_FLOATS) << 2;
const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;
export const JOB_BYTES: usize = 128;
/** Scratch of one thread: the job (of the thread that made it), panels of b, an edge tile, zeros, the block of a. */
export const SCRATCH_BYTES: usize = JOB_BYTES + B_BYTES + EDGE_BYTES + TILE_ROW_BYTES + A_BYTES;

/** Bytes of scratch that {@link f32_gemm} needs, whatever the sizes. */
export function f32_gemm_scratch_bytes(): usize {
  return ASC_FEATURE_SIMD ? JOB_BYTES + SCRATCH_BYTES * threadCount() : 0;
}

export function divideUp(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}

/** Lies in front of the scratch. */
@unmanaged
export class GemmJob {
  c: usize;
  a: usize;
  b: usize;
  m: i32;
  n: i32;
  k: i32;
  /** Bytes from one stored row to the next. */
  lda: usize;
  ldb: usize;
  ldc: usize;
  transA: bool;
  transB: bool;
  accumulate: bool;
  bias: usize;
  activation: i32;
  /** Read where they lie, as packing would not be repaid. */
  inPlaceA: bool;
  inPlaceB: bool;
  /** The block of a is packed before it is multiplied; otherwise a tile's rows are when they are read, once. */
  packsAhead: bool;
  /** Length of a slice of k; the last may be shorter. */
  slice: i32;
  /** Columns of a block of b, and how many there are. */
  blockColumns: i32;
  columnBlocks: i32;
  /** The block of a at hand: rows [i, iEnd) and [p, pEnd) of k. */
  i: i32;
  iEnd: i32;
  p: i32;
  pEnd: i32;
  packItems: i32;
  rowItems: i32;
  columnItems: i32;

  get aRowStep(): usize {
    return this.transA ? 4 : this.lda;
  }

  get aStep(): usize {
    return this.transA ? this.lda : 4;
  }

  /** Chooses the sizes of slices and blocks; returns the rows of a block of a. */
  cut(share: bool): i32 {
    this.slice = this.k <= SLICE ? this.k : divideUp(this.k, divideUp(this.k, SLICE));
    this.inPlaceA = this.n < PACK_A_COLUMNS;
    this.inPlaceB = !this.transB && this.m < PACK_B_ROWS;
    this.blockColumns = this.n;
    this.columnBlocks = 1;
    const panels = divideUp(this.n, TILE_COLUMNS);
    const fits = panels < B_FLOATS && panels * TILE_COLUMNS * this.slice <= B_FLOATS;
    if (!this.inPlaceB && (share || !fits)) {
      let parts = divideUp(panels, B_FLOATS / this.slice / TILE_COLUMNS);
      // As many for each thread, and all equally wide.
      if (ASC_FEATURE_THREADS && share) {
        parts = max(parts, itemCount((this.n * this.slice) / SHARE_FLOATS));
        parts = divideUp(parts, threadCount()) * threadCount();
      }
      this.blockColumns = divideUp(panels, parts) * TILE_COLUMNS;
      this.columnBlocks = divideUp(this.n, this.blockColumns);
    }
    this.packsAhead = !this.inPlaceA && (this.transA || this.columnBlocks > 1);
    if (this.inPlaceA) return this.m;
    const blocks = divideUp(this.m, (A_FLOATS / this.slice) & -TILE_ROWS);
    return divideUp(divideUp(this.m, TILE_ROWS), blocks) * TILE_ROWS;
  }

  /** How far along k a block of a of so many rows goes. As many slices as fit: the fewer blocks, the fewer waits. */
  depth(rows: i32): i32 {
    return this.inPlaceA ? this.k : max(A_FLOATS / (rows * this.slice), 1) * this.slice;
  }

  /** First row of an item; the next item's first is this one's end. */
  firstRow(item: i32, items: i32): i32 {
    if (item == items) return this.iEnd;
    return this.i + itemStart((this.iEnd - this.i) / TILE_ROWS, item, items) * TILE_ROWS;
  }

  /** Where row `i` lies in the block of a that is packed ahead, in the slice of `k` at `p`. */
  packedRow(i: i32, p: i32, k: i32): usize {
    const floats = (p - this.p) * (this.iEnd - this.i) + (i - this.i) * k;
    return packedBlock(changetype<usize>(this)) + ((<usize>floats) << 2);
  }
}

/** The parts of a thread's scratch; of the first thread's, which begins with the job, the threads share the block of a. */
export function panelsOf(scratch: usize): usize {
  return scratch + JOB_BYTES;
}

export function edgeOf(scratch: usize): usize {
  return panelsOf(scratch) + B_BYTES;
}

export function zerosOf(scratch: usize): usize {
  return edgeOf(scratch) + EDGE_BYTES;
}

export function packedBlock(scratch: usize): usize {
  return zerosOf(scratch) + TILE_ROW_BYTES;
}

/**
 * One block of a product, as its threads share it: a job that all read, items that pack panels of b, and items that
 * multiply tile rows with panels. Each element stays one ascending chain over k, on whichever thread.
 */
import { itemStart, threadCount } from "../parallel";
import { packColumns, packRows } from "./gemm-pack";
import { copyTile, finishTile } from "./gemm-store";
import { gemmTiles, nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Longest slice of k: a panel of a then takes 4 kB, one of b 8 kB. */
export const SLICE: i32 = 256;
/** Columns of a packed block of b: 384 kB at the longest slice of k. */
export const BLOCK_COLUMNS: i32 = 384;
/** Below this many rows, packing b costs more than it saves. */
export const PACK_B_ROWS: i32 = 12;
/** Below this many columns, packing a costs more than it saves. */
const PACK_A_COLUMNS: i32 = 48;

export const A_BYTES: usize = (<usize>(SLICE * TILE_ROWS)) << 2;
const B_BYTES: usize = (<usize>(SLICE * BLOCK_COLUMNS)) << 2;
export const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;
export const JOB_BYTES: usize = 128;
/** Scratch of one thread: the job (of the thread that made it), panels of a, edge tiles, the packed block of b. */
export const SCRATCH_BYTES: usize = JOB_BYTES + A_BYTES + B_BYTES + EDGE_BYTES + 2 * TILE_ROW_BYTES;

/** Bytes of scratch that {@link f32_gemm} needs, whatever the sizes. */
export function f32_gemm_scratch_bytes(): usize {
  return ASC_FEATURE_SIMD ? JOB_BYTES + SCRATCH_BYTES * threadCount() : 0;
}

/** A product at work and its block at hand, as all threads read it; lies in front of the scratch. */
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
  packedB: usize;
  /** Length of a slice of k; the last may be shorter. */
  slice: i32;
  /** The block: columns [j, j + columns), of which the first `inPlace` are read from b itself, and [p, pEnd) of k. */
  j: i32;
  columns: i32;
  inPlace: i32;
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

  get bColumnStep(): usize {
    return this.transB ? this.ldb : 4;
  }

  get bStep(): usize {
    return this.transB ? 4 : this.ldb;
  }

  /** Panels of b that are packed. */
  get panels(): i32 {
    return (this.columns - this.inPlace + TILE_COLUMNS - 1) / TILE_COLUMNS;
  }

  /** Where the packed panels of the slice that starts at `p` lie. */
  sliceAt(p: i32): usize {
    return this.packedB + <usize>((p - this.p) * this.panels) * TILE_ROW_BYTES;
  }
}

/** Packs one item's panels of b, for every slice of the block; columns past the edge are filled with zeros. */
export function packItem(args: usize, item: i32, _thread: i32): void {
  const job = changetype<GemmJob>(args);
  const panels = job.panels;
  const first = itemStart(panels, item, job.packItems);
  const end = itemStart(panels, item + 1, job.packItems);
  const columns = job.columns - job.inPlace;
  const b = job.b + <usize>(job.j + job.inPlace) * job.bColumnStep;
  for (let p = job.p; p < job.pEnd; p += job.slice) {
    const k = min(job.slice, job.pEnd - p);
    const panelBytes = <usize>k * TILE_ROW_BYTES;
    let packed = job.sliceAt(p) + <usize>first * panelBytes;
    for (let panel = first; panel < end; panel++, packed += panelBytes) {
      const column = panel * TILE_COLUMNS;
      const width = min(columns - column, TILE_COLUMNS);
      const from = b + <usize>p * job.bStep + <usize>column * job.bColumnStep;
      if (width < TILE_COLUMNS) memory.fill(packed, 0, panelBytes);
      if (job.transB) packRows(packed, TILE_ROW_BYTES, from, job.ldb, width, k);
      else packColumns(packed, TILE_ROW_BYTES, from, job.ldb, width, k);
    }
  }
}

/** Multiplies one item's rows and columns of the block. */
export function multiplyItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<GemmJob>(args);
  const packedA = args + JOB_BYTES + SCRATCH_BYTES * thread;
  const edge = packedA + A_BYTES;
  const edgeBias = edge + EDGE_BYTES;
  const zeros = edgeBias + TILE_ROW_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const columnItem = item % job.columnItems;
  const rowItem = item / job.columnItems;
  const fullRows = job.m / TILE_ROWS;
  const firstRow = itemStart(fullRows, rowItem, job.rowItems) * TILE_ROWS;
  const lastItem = rowItem + 1 == job.rowItems;
  const endRow = lastItem ? job.m : itemStart(fullRows, rowItem + 1, job.rowItems) * TILE_ROWS;
  const fullPanels = (job.columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const firstColumn = itemStart(fullPanels, columnItem, job.columnItems) * TILE_COLUMNS;
  const endPanel = itemStart(fullPanels, columnItem + 1, job.columnItems);
  const endColumn = min(endPanel * TILE_COLUMNS, job.columns);
  const full = (endColumn - firstColumn) / TILE_COLUMNS;
  const fullBytes = <usize>full * TILE_ROW_BYTES;
  const edgeColumns = endColumn - firstColumn - full * TILE_COLUMNS;
  const k = job.k;
  const lda = job.lda;
  const ldb = job.ldb;
  const ldc = job.ldc;
  const transA = job.transA;
  const inPlaceA = job.n < PACK_A_COLUMNS;
  const inPlaceB = job.inPlace > 0;
  const aRowStep = job.aRowStep;
  const aStep = job.aStep;
  const bias = job.bias;
  const activation = job.activation;
  for (let p = job.p; p < job.pEnd; p += job.slice) {
    const kc = min(job.slice, job.pEnd - p);
    const resume = job.accumulate || p > 0;
    const finish = p + kc == k && (bias != 0 || activation != 0);
    const panelBytes = <usize>kc * TILE_ROW_BYTES;
    const bAt = job.b + <usize>p * job.bStep + ((<usize>(job.j + firstColumn)) << 2);
    const skipped = max(firstColumn - job.inPlace, 0) / TILE_COLUMNS;
    const firstPanel = job.sliceAt(p) + <usize>skipped * panelBytes;
    let rows = 0;
    for (let i = firstRow; i < endRow; i += rows) {
      rows = nextRows(endRow - i);
      let aTile = job.a + <usize>i * aRowStep + <usize>p * aStep;
      let rowStep = aRowStep;
      if (!inPlaceA) {
        const step = (<usize>rows) << 2;
        if (transA) packColumns(packedA, step, aTile, lda, rows, kc);
        else packRows(packedA, step, aTile, lda, rows, kc);
        aTile = packedA;
        rowStep = 0;
      }
      const cAt = job.c + <usize>i * ldc + ((<usize>(job.j + firstColumn)) << 2);
      const biasAt = bias != 0 ? bias + ((<usize>(job.j + firstColumn)) << 2) : 0;
      if (full > 0) {
        const bTiles = inPlaceB ? bAt : firstPanel;
        const bStep = inPlaceB ? ldb : TILE_ROW_BYTES;
        const bNext = inPlaceB ? TILE_ROW_BYTES : panelBytes;
        gemmTiles(
          full,
          rows,
          cAt,
          ldc,
          aTile,
          rowStep,
          aStep,
          bTiles,
          bStep,
          bNext,
          kc,
          resume,
          zeros,
        );
        if (finish) {
          for (let at: usize = 0; at < fullBytes; at += TILE_ROW_BYTES) {
            finishTile(rows, cAt + at, ldc, biasAt != 0 ? biasAt + at : 0, activation);
          }
        }
      }
      if (edgeColumns > 0) {
        const cEdge = cAt + fullBytes;
        const panel = inPlaceB ? firstPanel : firstPanel + <usize>full * panelBytes;
        const step = TILE_ROW_BYTES;
        if (resume) copyTile(edge, step, cEdge, ldc, rows, edgeColumns);
        gemmTiles(1, rows, edge, step, aTile, rowStep, aStep, panel, step, 0, kc, resume, zeros);
        if (finish) {
          if (biasAt != 0) memory.copy(edgeBias, biasAt + fullBytes, (<usize>edgeColumns) << 2);
          finishTile(rows, edge, step, biasAt != 0 ? edgeBias : 0, activation);
        }
        copyTile(cEdge, ldc, edge, step, rows, edgeColumns);
      }
    }
  }
}

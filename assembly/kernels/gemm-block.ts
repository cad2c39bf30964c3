/**
 * The blocks of a product, as its threads share them: items that pack a, and items that pack b and multiply. Each element
 * stays one ascending chain over k, on whichever thread.
 */
import { itemCount, itemStart, parallelFor } from "../parallel";
import { edgeOf, GemmJob, packedBlock, panelsOf, SCRATCH_BYTES, zerosOf } from "./gemm-job";
import { packBlock, packColumnPanels, packColumns, packRows } from "./gemm-pack";
import { packingTiles } from "./gemm-packing-tiles";
import { copyTile, finishRow } from "./gemm-store";
import { gemmTiles, nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Runs all blocks of the job; with `share` the threads pack and multiply each of them together. */
export function multiply(job: GemmJob, share: bool): void {
  const args = changetype<usize>(job);
  const rows = job.cut(share);
  const depth = job.depth(rows);
  for (job.p = 0; job.p < job.k; job.p = job.pEnd) {
    job.pEnd = min(job.p + depth, job.k);
    for (job.i = 0; job.i < job.m; job.i = job.iEnd) {
      job.iEnd = min(job.i + rows, job.m);
      job.packItems = 1;
      job.rowItems = 1;
      job.columnItems = 1;
      if (ASC_FEATURE_THREADS && share) {
        job.packItems = itemCount(max((job.iEnd - job.i) / TILE_ROWS, 1));
        job.columnItems = itemCount(job.columnBlocks);
        job.rowItems = max(job.packItems / job.columnItems, 1);
        if (job.packsAhead) parallelFor(packItem.index, args, job.packItems);
        parallelFor(multiplyItem.index, args, job.rowItems * job.columnItems);
      } else {
        if (job.packsAhead) packItem(args, 0, 0);
        multiplyItem(args, 0, 0);
      }
    }
  }
}

/** Packs one item's rows of the block of a, for every slice. */
function packItem(args: usize, item: i32, _thread: i32): void {
  const job = changetype<GemmJob>(args);
  const first = job.firstRow(item, job.packItems);
  const end = job.firstRow(item + 1, job.packItems);
  for (let p = job.p; p < job.pEnd; p += job.slice) {
    const k = min(job.slice, job.pEnd - p);
    let rows = 0;
    for (let i = first; i < end; i += rows) {
      rows = evenRows(end - i);
      packTiles(job, job.packedRow(i, p, k), i, rows, p, k);
    }
  }
}

/** Rows of the next tiles that are equally high: of all those of `TILE_ROWS`, or of one of the last two. */
function evenRows(left: i32): i32 {
  if (left < 2 * TILE_ROWS) return nextRows(left);
  return (left % TILE_ROWS == 0 ? left : left - TILE_ROWS) & -TILE_ROWS;
}

/** Packs the rows of equally high tiles. */
function packTiles(job: GemmJob, packed: usize, i: i32, rows: i32, p: i32, k: i32): void {
  let from = job.a + <usize>i * job.aRowStep + <usize>p * job.aStep;
  if (job.transA && rows >= TILE_ROWS) {
    packColumnPanels(packed, <usize>k * 16, rows / TILE_ROWS, from, job.lda, TILE_ROWS, k);
  } else if (job.transA) {
    packColumns(packed, (<usize>rows) << 2, from, job.lda, rows, k);
  } else {
    const height = min(rows, TILE_ROWS);
    for (; rows > 0; rows -= height) {
      packRows(packed, (<usize>height) << 2, from, job.lda, height, k);
      packed += (<usize>(height * k)) << 2;
      from += job.lda * height;
    }
  }
}

/** Multiplies one item's rows and columns of the block. */
function multiplyItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<GemmJob>(args);
  const scratch = args + SCRATCH_BYTES * thread;
  const panels = panelsOf(scratch);
  const zeros = zerosOf(scratch);
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const columnItem = ASC_FEATURE_THREADS ? item % job.columnItems : 0;
  const rowItem = ASC_FEATURE_THREADS ? item / job.columnItems : 0;
  const firstRow = job.firstRow(rowItem, job.rowItems);
  const endRow = job.firstRow(rowItem + 1, job.rowItems);
  const block = job.blockColumns;
  const firstColumn = itemStart(job.columnBlocks, columnItem, job.columnItems) * block;
  const lastColumn = itemStart(job.columnBlocks, columnItem + 1, job.columnItems) * block;
  const endColumn = min(lastColumn, job.n);
  const ldb = job.ldb;
  const ldc = job.ldc;
  const inPlaceA = job.inPlaceA;
  const inPlaceB = job.inPlaceB;
  const rowStep = inPlaceA ? job.aRowStep : 0;
  const aStep = job.aStep;
  for (let j = firstColumn; j < endColumn; j += block) {
    const columns = min(block, endColumn - j);
    const full = columns / TILE_COLUMNS;
    const edgeColumns = columns % TILE_COLUMNS;
    for (let p = job.p; p < job.pEnd; p += job.slice) {
      const k = min(job.slice, job.pEnd - p);
      const panelBytes = <usize>k * TILE_ROW_BYTES;
      const resume = job.accumulate || p > 0;
      const last = p + k == job.k;
      const bias = last && job.bias != 0 ? job.bias + ((<usize>j) << 2) : 0;
      const activation = last ? job.activation : 0;
      const finish = bias != 0 || activation != 0;
      const b = job.b + <usize>p * (job.transB ? 4 : ldb) + <usize>j * (job.transB ? ldb : 4);
      // The first strip packs what it reads, if it reads b as it is packed.
      const fours = nextRows(endRow - firstRow) == TILE_ROWS;
      let packing = fours && full > 0 && !job.transB && !inPlaceA && !inPlaceB;
      const unpacked = packing || inPlaceB ? full * TILE_COLUMNS : 0;
      const edgePanel = panels + (inPlaceB ? 0 : <usize>full * panelBytes);
      packBlock(
        unpacked > 0 ? edgePanel : panels,
        panelBytes,
        b + ((<usize>unpacked) << 2),
        ldb,
        job.transB,
        columns - unpacked,
        k,
      );
      const bTiles = inPlaceB ? b : panels;
      const bStep = inPlaceB ? ldb : TILE_ROW_BYTES;
      const bNext = inPlaceB ? TILE_ROW_BYTES : panelBytes;
      let rows = 0;
      for (let i = firstRow; i < endRow; i += rows) {
        rows = nextRows(endRow - i);
        let a = packedBlock(scratch);
        if (inPlaceA) a = job.a + <usize>i * rowStep + <usize>p * aStep;
        else if (job.packsAhead) a = job.packedRow(i, p, k);
        else packTiles(job, a, i, rows, p, k);
        const c = job.c + <usize>i * ldc + ((<usize>j) << 2);
        if (packing) {
          packing = false;
          packingTiles(full, c, ldc, a, b, ldb, panels, k, resume, zeros);
        } else if (full > 0) {
          gemmTiles(full, rows, c, ldc, a, rowStep, aStep, bTiles, bStep, bNext, k, resume, zeros);
        }
        if (edgeColumns > 0) {
          const cEdge = c + <usize>full * TILE_ROW_BYTES;
          const edge = edgeOf(scratch);
          const step = TILE_ROW_BYTES;
          if (resume) copyTile(edge, step, cEdge, ldc, rows, edgeColumns);
          gemmTiles(1, rows, edge, step, a, rowStep, aStep, edgePanel, step, 0, k, resume, zeros);
          copyTile(cEdge, ldc, edge, step, rows, edgeColumns);
        }
        if (finish) {
          for (let row = 0; row < rows; row++) finishRow(c + ldc * row, columns, bias, activation);
        }
      }
    }
  }
}

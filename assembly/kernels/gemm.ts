// Matrix product: c = op(a) op(b), row-major, with fused bias row and relu.
//
// Loops, from the outside: blocks of k, blocks of columns (a packed block of b stays in the second
// level cache), tile rows (a packed panel of a stays in the first), 8-column panels of b. Between
// blocks of k the partial sums rest in c, so each element stays one ascending chain.

import { packColumns, packRows } from "./gemm-pack";
import { gemmRow } from "./gemm-row";
import { gemmScalar } from "./gemm-scalar";
import { copyTile, finishTile } from "./gemm-store";
import { gemmTile, nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Longest stretch of k handled at once: a panel of a then takes 4 kB, one of b 8 kB. */
const BLOCK_K: i32 = 256;
/** Columns of a packed block of b: 384 kB at the longest stretch of k. */
const BLOCK_COLUMNS: i32 = 384;
/** Below this many rows, packing b costs more than it saves. */
const PACK_B_ROWS: i32 = 12;
/** Below this many columns, packing a costs more than it saves. */
const PACK_A_COLUMNS: i32 = 48;

const A_BYTES: usize = (<usize>(BLOCK_K * TILE_ROWS)) << 2;
const B_BYTES: usize = (<usize>(BLOCK_K * BLOCK_COLUMNS)) << 2;
const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;

/** Bytes of scratch that {@link f32_gemm} needs, whatever the sizes. */
export function f32_gemm_scratch_bytes(): usize {
  return ASC_FEATURE_SIMD ? A_BYTES + B_BYTES + EDGE_BYTES + 2 * TILE_ROW_BYTES : 0;
}

/** Panels of b side by side; columns past the edge are filled with zeros. */
function packB(packed: usize, b: usize, ldb: usize, transB: bool, columns: i32, k: i32): void {
  while (columns > 0) {
    const width = min(columns, TILE_COLUMNS);
    if (width < TILE_COLUMNS) memory.fill(packed, 0, <usize>k * TILE_ROW_BYTES);
    if (transB) {
      packRows(packed, TILE_ROW_BYTES, b, ldb, width, k);
      b += ldb << 3;
    } else {
      packColumns(packed, TILE_ROW_BYTES, b, ldb, width, k);
      b += TILE_ROW_BYTES;
    }
    packed += <usize>k * TILE_ROW_BYTES;
    columns -= TILE_COLUMNS;
  }
}

function gemmSimd(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  lda: usize,
  ldb: usize,
  ldc: usize,
  transA: bool,
  transB: bool,
  accumulate: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  const packedA = scratch;
  const packedB = packedA + A_BYTES;
  const edge = packedB + B_BYTES;
  const edgeBias = edge + EDGE_BYTES;
  const zeros = edgeBias + TILE_ROW_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const blocks = (k + BLOCK_K - 1) / BLOCK_K;
  const blockK = (k + blocks - 1) / blocks;
  const aRowStep: usize = transA ? 4 : lda;
  const aStep: usize = transA ? lda : 4;
  const bColumnStep: usize = transB ? ldb : 4;
  const bStep: usize = transB ? 4 : ldb;
  const inPlaceA = n < PACK_A_COLUMNS;
  const inPlaceB = !transB && m < PACK_B_ROWS;
  for (let p = 0; p < k; p += blockK) {
    const kc = min(blockK, k - p);
    const resume = accumulate || p > 0;
    const last = p + kc == k;
    const finish = last && (bias != 0 || activation != 0);
    for (let j = 0; j < n; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, n - j);
      const bAt = b + <usize>p * bStep + <usize>j * bColumnStep;
      const whole = inPlaceB ? nc & ~(TILE_COLUMNS - 1) : 0;
      if (nc > whole) packB(packedB, bAt + <usize>whole * bColumnStep, ldb, transB, nc - whole, kc);
      let rows = 0;
      for (let i = 0; i < m; i += rows) {
        rows = nextRows(m - i);
        let aTile = a + <usize>i * aRowStep + <usize>p * aStep;
        let rowStep = aRowStep;
        if (!inPlaceA) {
          const step = (<usize>rows) << 2;
          if (transA) packColumns(packedA, step, aTile, lda, rows, kc);
          else packRows(packedA, step, aTile, lda, rows, kc);
          aTile = packedA;
          rowStep = 0;
        }
        let panel = packedB;
        let cTile = c + <usize>i * ldc + ((<usize>j) << 2);
        let biasAt = bias != 0 ? bias + ((<usize>j) << 2) : 0;
        for (let q = 0; q < nc; q += TILE_COLUMNS) {
          const columns = nc - q;
          if (columns >= TILE_COLUMNS) {
            const inPlace = q < whole;
            gemmTile(
              rows,
              cTile,
              ldc,
              aTile,
              rowStep,
              aStep,
              inPlace ? bAt + ((<usize>q) << 2) : panel,
              inPlace ? ldb : TILE_ROW_BYTES,
              kc,
              resume ? cTile : zeros,
              resume ? ldc : 0,
            );
            if (finish) finishTile(rows, cTile, ldc, biasAt, activation);
            if (!inPlace) panel += <usize>kc * TILE_ROW_BYTES;
          } else {
            if (resume) copyTile(edge, TILE_ROW_BYTES, cTile, ldc, rows, columns);
            const from = resume ? edge : zeros;
            const fromStep: usize = resume ? TILE_ROW_BYTES : 0;
            gemmTile(
              rows,
              edge,
              TILE_ROW_BYTES,
              aTile,
              rowStep,
              aStep,
              panel,
              TILE_ROW_BYTES,
              kc,
              from,
              fromStep,
            );
            if (finish) {
              if (biasAt != 0) {
                memory.copy(edgeBias, biasAt, (<usize>columns) << 2);
                biasAt = edgeBias;
              }
              finishTile(rows, edge, TILE_ROW_BYTES, biasAt, activation);
            }
            copyTile(cTile, ldc, edge, TILE_ROW_BYTES, rows, columns);
          }
          cTile += TILE_ROW_BYTES;
          if (biasAt != 0) biasAt += TILE_ROW_BYTES;
        }
      }
    }
  }
}

/**
 * c[m, n] = (accumulate ? c : 0) + op(a)[m, k] op(b)[k, n]; without `accumulate` then + bias and relu.
 *
 * Each element adds its k products in ascending order, starting from 0 or from c. Nothing may alias c.
 *
 * @param a - [m, k], or [k, m] if `transA`
 * @param b - [k, n], or [n, k] if `transB`
 * @param lda - floats from one stored row of a to the next; so ldb, ldc
 * @param bias - n floats, or 0 for none; read only without `accumulate`
 * @param activation - 0 none, 1 relu; applied only without `accumulate`
 * @param scratch - `f32_gemm_scratch_bytes()` bytes, 16-byte aligned
 */
export function f32_gemm(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  lda: i32,
  ldb: i32,
  ldc: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  if (accumulate) {
    bias = 0;
    activation = 0;
  }
  if (ASC_FEATURE_SIMD && m == 1 && k > 0) {
    const aStep: usize = transA ? (<usize>lda) << 2 : 4;
    gemmRow(c, a, b, n, k, aStep, (<usize>ldb) << 2, transB, accumulate, bias, activation);
  } else if (ASC_FEATURE_SIMD && k > 0) {
    gemmSimd(
      c,
      a,
      b,
      m,
      n,
      k,
      (<usize>lda) << 2,
      (<usize>ldb) << 2,
      (<usize>ldc) << 2,
      transA,
      transB,
      accumulate,
      bias,
      activation,
      scratch,
    );
  } else {
    gemmScalar(c, a, b, m, n, k, lda, ldb, ldc, transA, transB, accumulate, bias, activation);
  }
}

/** `batch` products with dense rows; the strides are floats from one matrix to the next, 0 to share one. */
export function f32_gemm_batched(
  c: usize,
  a: usize,
  b: usize,
  batch: i32,
  strideC: i32,
  strideA: i32,
  strideB: i32,
  m: i32,
  n: i32,
  k: i32,
  lda: i32,
  ldb: i32,
  ldc: i32,
  transA: bool,
  transB: bool,
  accumulate: bool,
  scratch: usize,
): void {
  for (let i = 0; i < batch; i++) {
    f32_gemm(c, a, b, m, n, k, lda, ldb, ldc, transA, transB, accumulate, 0, 0, scratch);
    c += (<usize>strideC) << 2;
    a += (<usize>strideA) << 2;
    b += (<usize>strideB) << 2;
  }
}

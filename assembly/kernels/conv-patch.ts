// The product of one patch: its pixels in groups that share a register tile.

import { Patch } from "./conv-sweep";
import { Pixel, Run, runTiles } from "./conv-tile";
import { copyTile, finishRow } from "./gemm-store";
import { nextRows, TILE_COLUMNS, TILE_ROW_BYTES, TILE_ROWS } from "./gemm-tile";

/** Groups of pixels that are finished together, while they are in the first cache. */
const BLOCK_GROUPS: i32 = 16;

const EDGE_BYTES: usize = <usize>TILE_ROWS * TILE_ROW_BYTES;

/** Bytes of scratch of {@link multiplyPatch}. */
export const PATCH_BYTES: usize =
  EDGE_BYTES + TILE_ROW_BYTES + <usize>TILE_ROWS * offsetof<Pixel>();

/** Adds the bias to the sums of pixels and cuts them off below zero. */
function finishPixels(
  out: usize,
  pixels: usize,
  pixelsEnd: usize,
  columns: i32,
  bias: usize,
  activation: i32,
): void {
  for (; pixels != pixelsEnd; pixels += offsetof<Pixel>()) {
    finishRow(out + changetype<Pixel>(pixels).target, columns, bias, activation);
  }
}

/**
 * out[pixel, columns] = (resume ? out : 0) + the patch's sums over its part of the runs that are packed, then + bias and relu.
 *
 * @param out - base of the pixels' targets
 * @param source - base of the pixels' sources
 * @param runs - {@link Run}s of the patch up to `runsEnd`; none where it reads nothing but padding
 * @param packed - panels of the weights, `panelBytes` from one to the next
 * @param scratch - `PATCH_BYTES`
 */
export function multiplyPatch(
  out: usize,
  source: usize,
  patch: Patch,
  runs: usize,
  runsEnd: usize,
  packed: usize,
  panelBytes: usize,
  columns: i32,
  resume: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  const finish = bias != 0 || activation != 0;
  if (runs == runsEnd) {
    for (let at = patch.pixels; at != patch.pixelsEnd && !resume; at += offsetof<Pixel>()) {
      memory.fill(out + changetype<Pixel>(at).target, 0, (<usize>columns) << 2);
    }
    if (finish) finishPixels(out, patch.pixels, patch.pixelsEnd, columns, bias, activation);
    return;
  }
  const edge = scratch;
  const zeros = edge + EDGE_BYTES;
  const edgePixels = zeros + TILE_ROW_BYTES;
  memory.fill(zeros, 0, TILE_ROW_BYTES);
  const full = columns / TILE_COLUMNS;
  const left = columns - full * TILE_COLUMNS;
  const fullBytes = <usize>full * TILE_ROW_BYTES;
  const edgePanel = packed + full * panelBytes;
  const lastRun = changetype<Run>(runsEnd - offsetof<Run>());
  const rest = panelBytes - (lastRun.panel + lastRun.length * <i32>TILE_ROW_BYTES);
  for (let at = patch.pixels; at != patch.pixelsEnd; ) {
    const count = <i32>((patch.pixelsEnd - at) / offsetof<Pixel>());
    const rows = nextRows(count);
    const groups = rows < TILE_ROWS ? 1 : min(max(count / TILE_ROWS - 1, 1), BLOCK_GROUPS);
    const end = at + groups * rows * offsetof<Pixel>();
    if (full > 0) {
      runTiles(full, rows, out, source, at, end, resume, zeros, runs, runsEnd, packed, rest);
    }
    if (left > 0) {
      for (let group = at; group != end; group += rows * offsetof<Pixel>()) {
        for (let i = 0; i < rows; i++) {
          const pixel = changetype<Pixel>(group + i * offsetof<Pixel>());
          const here = changetype<Pixel>(edgePixels + i * offsetof<Pixel>());
          here.source = pixel.source;
          here.target = i * <i32>TILE_ROW_BYTES;
          if (resume) copyTile(edge + here.target, 0, out + pixel.target + fullBytes, 0, 1, left);
        }
        const pixelsEnd = edgePixels + rows * offsetof<Pixel>();
        runTiles(
          1,
          rows,
          edge,
          source,
          edgePixels,
          pixelsEnd,
          resume,
          zeros,
          runs,
          runsEnd,
          edgePanel,
          0,
        );
        for (let i = 0; i < rows; i++) {
          const pixel = changetype<Pixel>(group + i * offsetof<Pixel>());
          copyTile(out + pixel.target + fullBytes, 0, edge + <usize>i * TILE_ROW_BYTES, 0, 1, left);
        }
      }
    }
    if (finish) finishPixels(out, at, end, columns, bias, activation);
    at = end;
  }
}

// A unit's pixels times their runs: the matrix product inside the convolutions, its left side read in place.

import { multiplyPatch, PATCH_BYTES } from "./conv-patch";
import { keepPatch, RUN_FLOATS } from "./conv-runs";
import { Patch, Sweep } from "./conv-sweep";
import { Run } from "./conv-tile";
import { packBlock } from "./gemm-pack";
import { TILE_ROW_BYTES } from "./gemm-tile";

/** Columns of a packed block of weights: 256 kB at the longest stretch of runs. */
const BLOCK_COLUMNS: i32 = 256;

const B_BYTES: usize = (<usize>(RUN_FLOATS * BLOCK_COLUMNS)) << 2;

/** Bytes of scratch of {@link productOfUnit}. */
export const PRODUCT_BYTES: usize = B_BYTES + PATCH_BYTES;

/** Panels of the weights of the runs up to `runsEnd`. Returns the bytes from one panel to the next. */
function packWeights(
  packed: usize,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  runs: usize,
  runsEnd: usize,
): usize {
  const last = changetype<Run>(runsEnd - offsetof<Run>());
  const panel = <usize>(last.panel + last.length * <i32>TILE_ROW_BYTES);
  for (; runs != runsEnd; runs += offsetof<Run>()) {
    const run = changetype<Run>(runs);
    const from = w + run.weights;
    packBlock(packed + run.panel, panel, from, wStep, transposed, columns, run.length);
  }
  return panel;
}

/** Of the runs from `runs` on those that are packed together, at least one; sets their places in a panel. Returns their end. */
function packedTogether(runs: usize, allRuns: usize): usize {
  let floats = 0;
  for (; runs != allRuns; runs += offsetof<Run>()) {
    const run = changetype<Run>(runs);
    if (floats > 0 && floats + run.length > RUN_FLOATS) break;
    run.panel = floats * <i32>TILE_ROW_BYTES;
    floats += run.length;
  }
  return runs;
}

/**
 * out[pixel, columns] = (accumulate ? out : 0) + sum over the floats that the pixel reads of float * weights, then + bias
 * and relu, for the pixels of all patches of the unit at hand.
 *
 * @param out - base of the pixels' targets
 * @param source - what the pixels' sources count from
 * @param w - base of the runs' weights
 * @param wStep - bytes between the rows of the weights' storage
 * @param transposed - a row of the storage holds one column's weights, not one float's
 * @param scratch - `PRODUCT_BYTES`
 */
export function productOfUnit(
  out: usize,
  source: usize,
  sweep: Sweep,
  w: usize,
  wStep: usize,
  transposed: bool,
  columns: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  scratch: usize,
): void {
  let runs = sweep.runs;
  let resume = accumulate;
  do {
    const runsEnd = packedTogether(runs, sweep.runsEnd);
    const last = runsEnd == sweep.runsEnd;
    for (let j = 0; j < columns; j += BLOCK_COLUMNS) {
      const nc = min(BLOCK_COLUMNS, columns - j);
      const skipped = <usize>j * (transposed ? wStep : 4);
      const panel = packWeights(scratch, w + skipped, wStep, transposed, nc, runs, runsEnd);
      const at = (<usize>j) << 2;
      for (let p = sweep.patches; p != sweep.patchesEnd; p += offsetof<Patch>()) {
        const patch = changetype<Patch>(p);
        multiplyPatch(
          out + at,
          source,
          patch,
          sweep.kept,
          keepPatch(sweep, runs, runsEnd, patch),
          scratch,
          panel,
          nc,
          resume,
          last && bias != 0 ? bias + at : 0,
          last ? activation : 0,
          scratch + B_BYTES,
        );
      }
    }
    runs = runsEnd;
    resume = true;
  } while (runs != sweep.runsEnd);
}

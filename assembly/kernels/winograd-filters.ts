// Filters transformed for a Winograd convolution, laid out as panels of its products.

import { packBlock } from "./gemm-pack";
import { TILE_ROW_BYTES } from "./gemm-tile";
import { ProductJob } from "./winograd-job";
import { PANEL, TILE_SCRATCH_BYTES } from "./winograd-tiles";
import { transformFilter } from "./winograd-transform";

/** The transformed filters of outputs [column, column + 8), one panel per value, `step` bytes apart. */
export function transformPanel(
  job: ProductJob,
  column: i32,
  to: usize,
  step: usize,
  scratch: usize,
): void {
  const channels = job.channels;
  const width = min(job.outputs - column, PANEL);
  const taps = scratch + TILE_SCRATCH_BYTES + TILE_ROW_BYTES;
  const tapBytes = <usize>channels * TILE_ROW_BYTES;
  const columnStep: usize = job.transposed ? job.weightStep : 4;
  if (width < PANEL) memory.fill(taps, 0, 9 * tapBytes);
  for (let tap = 0; tap < 9; tap++) {
    const from = job.weights + <usize>(job.tapStep * tap) + <usize>column * columnStep;
    packTap(taps + tapBytes * tap, from, job.weightStep, job.transposed, width, channels);
  }
  const lanes = ASC_FEATURE_SIMD ? 16 : 4;
  for (let at: usize = 0; at < tapBytes; at += lanes) {
    if (ASC_FEATURE_SIMD) {
      transformFilter<v128>(job.size, taps + at, tapBytes, to + at, step, scratch);
    } else transformFilter<f32>(job.size, taps + at, tapBytes, to + at, step, scratch);
  }
}

/** One tap's weights, 8 outputs side by side for each channel. */
function packTap(
  to: usize,
  from: usize,
  step: usize,
  transposed: bool,
  width: i32,
  channels: i32,
): void {
  if (ASC_FEATURE_SIMD) {
    packBlock(to, 0, from, step, transposed, width, channels);
    return;
  }
  for (let channel: usize = 0; channel < <usize>channels; channel++) {
    for (let i: usize = 0; i < <usize>width; i++) {
      const at = transposed ? i * step + (channel << 2) : channel * step + (i << 2);
      store<f32>(to + channel * TILE_ROW_BYTES + (i << 2), load<f32>(from + at));
    }
  }
}

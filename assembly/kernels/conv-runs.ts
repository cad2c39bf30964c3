// The runs of a convolution: what a pixel reads with all taps, and the part of it that a patch reads.

import { ConvShape } from "./conv-shape";
import { Patch, Sweep } from "./conv-sweep";
import { Run } from "./conv-tile";
import { TILE_ROW_BYTES } from "./gemm-tile";

/** Longest run; longer ones are split evenly. */
export const RUN_FLOATS: i32 = 256;

/** Sets the places of the runs and of those kept for a patch from `at` on. Returns where they end. */
export function placeRuns(sweep: Sweep, s: ConvShape, at: usize): usize {
  // Of all taps, split ones included.
  const parts = (max(s.groupChannels, s.groupOutChannels) + RUN_FLOATS - 1) / RUN_FLOATS + 1;
  const bytes: usize = s.kernelHeight * s.kernelWidth * parts * offsetof<Run>();
  sweep.runs = at;
  sweep.kept = at + bytes;
  return sweep.kept + bytes;
}

/** Floats [from, to) of a run. */
function copyPart(at: usize, run: Run, from: i32, to: i32, weightStep: i32): void {
  const part = changetype<Run>(at);
  part.offset = run.offset + (from << 2);
  part.length = to - from;
  part.weights = run.weights + from * weightStep;
  part.panel = run.panel + from * <i32>TILE_ROW_BYTES;
  part.row = run.row;
  part.first = run.first + from;
}

/**
 * Sets the sweep's runs: row by row of taps, each tap `tapFloats` floats of the source.
 *
 * @param weightStep - bytes between the weights of neighbouring floats
 * @param joined - a row's taps lie side by side, their weights too: one run, split where it is long
 */
export function setRuns(
  sweep: Sweep,
  s: ConvShape,
  tapFloats: i32,
  weightStep: i32,
  joined: bool,
): void {
  const y = sweep.y;
  const x = sweep.x;
  const taps = joined ? x.taps : 1;
  const length = taps * tapFloats;
  const parts = (length + RUN_FLOATS - 1) / RUN_FLOATS;
  const part = (length + parts - 1) / parts;
  let at = sweep.runs;
  for (let row = 0; row < y.taps; row++) {
    for (let column = 0; column < x.taps; column += taps) {
      const ky = y.kernel + row * y.kernelStep;
      const kx = x.kernel + column * x.kernelStep;
      const whole = changetype<Run>(sweep.kept);
      whole.offset =
        row * y.tapStep * sweep.rowBytes + ((column * x.tapStep * sweep.channels) << 2);
      whole.weights = ((ky * s.kernelWidth + kx) * s.groupChannels * s.outChannels) << 2;
      whole.panel = 0;
      whole.row = row;
      whole.first = column * tapFloats;
      for (let from = 0; from < length; from += part) {
        copyPart(at, whole, from, min(from + part, length), weightStep);
        at += offsetof<Run>();
      }
    }
  }
  sweep.runsEnd = at;
  sweep.tapFloats = tapFloats;
  sweep.weightStep = weightStep;
}

/** Writes down the parts of the runs that the patch reads, in the sweep's room for them. Returns where they end. */
export function keepPatch(sweep: Sweep, runs: usize, runsEnd: usize, patch: Patch): usize {
  const left = patch.left * sweep.tapFloats;
  const right = patch.right * sweep.tapFloats;
  let panel = 0;
  let at = sweep.kept;
  for (; runs != runsEnd; runs += offsetof<Run>()) {
    const run = changetype<Run>(runs);
    if (run.row < patch.top || run.row >= patch.bottom) continue;
    const from = max(left - run.first, 0);
    const to = min(right - run.first, run.length);
    if (from >= to) continue;
    copyPart(at, run, from, to, sweep.weightStep);
    const part = changetype<Run>(at);
    part.skip = part.panel - panel;
    panel = part.panel + part.length * <i32>TILE_ROW_BYTES;
    at += offsetof<Run>();
  }
  return at;
}

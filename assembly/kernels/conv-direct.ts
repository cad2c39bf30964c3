// Direct convolution, forward and towards the input: each output is one chain over its taps and their channels.

import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { TRAINS } from "../trains";
import { depthwiseProduct } from "./conv-depthwise";
import { ConvJob, newJob, tablesOf } from "./conv-job";
import { addForwardRuns, addPhaseRuns, clearPhase, planForward, planPhase } from "./conv-plan";
import { productOverRuns } from "./conv-product";
import { ConvShape } from "./conv-shape";
import { Sweep } from "./conv-sweep";
import { TILE_COLUMNS } from "./gemm-tile";

/** Pixels for which packing the weights once more costs little. */
const UNIT_PIXELS: i32 = 256;

/** Chooses how many units of pixels, and how many parts of each unit's columns, threads share. */
function shareProduct(job: ConvJob, pixels: i32, columns: i32): void {
  const s = job.shape;
  if (!worthSharing(s.operations)) return;
  if (s.isDepthwise || pixels >= UNIT_PIXELS * threadCount()) {
    job.leastUnits = itemCount(max(pixels / UNIT_PIXELS, 1));
  } else {
    job.parts = itemCount((columns + TILE_COLUMNS - 1) / TILE_COLUMNS);
  }
}

/** The product of one unit, for part `part` of the columns of every group; `target` is the base of the results. */
function multiplyUnit(
  job: ConvJob,
  sweep: Sweep,
  target: usize,
  inputs: i32,
  columns: i32,
  transposed: bool,
  part: i32,
  scratch: usize,
): void {
  const s = job.shape;
  if (s.isDepthwise) {
    depthwiseProduct(
      target,
      sweep.base,
      sweep.pixels,
      sweep.pixelCount,
      sweep.runs,
      sweep.runCount,
      job.other,
      s.channels,
      job.accumulate,
      job.bias,
      job.activation,
    );
    return;
  }
  const panels = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const first = itemStart(panels, part, job.parts) * TILE_COLUMNS;
  const end = min(itemStart(panels, part + 1, job.parts) * TILE_COLUMNS, columns);
  const wStep = (<usize>s.outChannels) << 2;
  const skipped = <usize>first * (transposed ? wStep : 4);
  for (let group = 0; group < s.groups; group++) {
    const column = (<usize>(group * columns + first)) << 2;
    productOverRuns(
      target + column,
      sweep.base + ((<usize>(group * inputs)) << 2),
      sweep.pixels,
      sweep.pixelCount,
      sweep.runs,
      sweep.runCount,
      job.other + ((<usize>(group * s.groupOutChannels)) << 2) + skipped,
      wStep,
      transposed,
      end - first,
      job.accumulate,
      job.bias != 0 ? job.bias + column : 0,
      job.activation,
      scratch,
    );
  }
}

function forwardItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ConvJob>(args);
  const s = job.shape;
  const sweep = job.sweepOf(thread);
  sweep.leastUnits = job.leastUnits;
  const tables = tablesOf(sweep);
  const product = tables + planForward(sweep, tables, job.source, s);
  addForwardRuns(sweep, s);
  sweep.enter(item / job.parts);
  multiplyUnit(
    job,
    sweep,
    job.target,
    s.groupChannels,
    s.groupOutChannels,
    false,
    item % job.parts,
    product,
  );
}

/** out = activation(x * w + bias), as {@link f32_conv2d}. */
export function directForward(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  activation: i32,
  s: ConvShape,
  scratch: usize,
): void {
  const job = newJob(scratch, s, x, out, w, false);
  job.bias = bias;
  job.activation = activation;
  shareProduct(job, s.batch * s.outHeight * s.outWidth, s.groupOutChannels);
  const sweep = job.sweepOf(0);
  sweep.leastUnits = job.leastUnits;
  planForward(sweep, 0, x, s);
  parallelFor(forwardItem.index, scratch, sweep.units * job.parts);
}

function inputGradItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ConvJob>(args);
  const s = job.shape;
  const y = job.phaseY;
  const x = job.phaseX;
  const sweep = job.sweepOf(thread);
  sweep.leastUnits = job.leastUnits;
  const tables = tablesOf(sweep);
  const product = tables + planPhase(sweep, tables, job.source, s, y, x);
  addPhaseRuns(sweep, s, y, x);
  sweep.enter(item / job.parts);
  multiplyUnit(
    job,
    sweep,
    job.target + phaseOffset(s, y, x),
    s.groupOutChannels,
    s.groupChannels,
    true,
    item % job.parts,
    product,
  );
}

/** Bytes from the start of dx to the first pixel of a phase. */
function phaseOffset(s: ConvShape, y: i32, x: i32): usize {
  return (<usize>((y * s.width + x) * s.channels)) << 2;
}

/** dx = (accumulate ? dx : 0) + the gradient of x, as {@link f32_conv2d_dx}. */
export function directInputGrad(
  dx: usize,
  dout: usize,
  w: usize,
  accumulate: bool,
  s: ConvShape,
  scratch: usize,
): void {
  const job = newJob(scratch, s, dout, dx, w, accumulate);
  const sweep = job.sweepOf(0);
  for (let y = 0; y < min(s.strideY, s.height); y++) {
    for (let x = 0; x < min(s.strideX, s.width); x++) {
      sweep.leastUnits = 1;
      if (planPhase(sweep, 0, dout, s, y, x) == 0) {
        if (!accumulate) clearPhase(dx + phaseOffset(s, y, x), sweep, s.channels);
        continue;
      }
      job.phaseY = y;
      job.phaseX = x;
      shareProduct(job, sweep.batch * sweep.rows * sweep.columns, s.groupChannels);
      sweep.leastUnits = job.leastUnits;
      planPhase(sweep, 0, dout, s, y, x);
      if (TRAINS) parallelFor(inputGradItem.index, scratch, sweep.units * job.parts);
    }
  }
}

// Direct convolution, forward and towards the input: each output is one chain over its taps and their channels.

import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { TRAINS } from "../trains";
import { depthwiseProduct } from "./conv-depthwise";
import { ConvJob, newJob, tablesOf } from "./conv-job";
import { enterPatches, placePatches } from "./conv-patches";
import { planForward, planPhase } from "./conv-plan";
import { productOfUnit } from "./conv-product";
import { keepPatch, setRuns } from "./conv-runs";
import { ConvShape } from "./conv-shape";
import { Patch, Sweep } from "./conv-sweep";
import { TILE_COLUMNS } from "./gemm-tile";

/** Pixels for which packing the weights once more costs little. */
const UNIT_PIXELS: i32 = 256;

/** Cuts the job into units of pixels, or into parts of each unit's columns, for threads to share. Returns how many items. */
function shareProduct(job: ConvJob, sweep: Sweep, columns: i32): i32 {
  const s = job.shape;
  const pixels = sweep.batch * sweep.y.count * sweep.x.count;
  job.leastUnits = 1;
  job.parts = 1;
  if (worthSharing(s.operations)) {
    if (s.isDepthwise || pixels >= UNIT_PIXELS * threadCount()) {
      job.leastUnits = itemCount(max(pixels / UNIT_PIXELS, 1));
    } else {
      job.parts = itemCount((columns + TILE_COLUMNS - 1) / TILE_COLUMNS);
    }
  }
  sweep.cut(job.leastUnits);
  return sweep.units * job.parts;
}

/** Depthwise, the product of the unit at hand. */
function multiplyChannels(job: ConvJob, sweep: Sweep, target: usize): void {
  for (let p = sweep.patches; p != sweep.patchesEnd; p += offsetof<Patch>()) {
    const patch = changetype<Patch>(p);
    depthwiseProduct(
      target,
      sweep.base,
      patch.pixels,
      patch.pixelsEnd,
      sweep.kept,
      keepPatch(sweep, sweep.runs, sweep.runsEnd, patch),
      job.other,
      job.shape.channels,
      job.accumulate,
      job.bias,
      job.activation,
    );
  }
}

/** The product of unit `item / job.parts`, for one part of the columns of every group; `target` is the base of the results. */
function multiplyUnit(
  job: ConvJob,
  sweep: Sweep,
  item: i32,
  target: usize,
  inputs: i32,
  columns: i32,
  transposed: bool,
  scratch: usize,
): void {
  const s = job.shape;
  enterPatches(sweep, item / job.parts);
  if (s.isDepthwise) {
    multiplyChannels(job, sweep, target);
    return;
  }
  const part = item % job.parts;
  const panels = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const first = itemStart(panels, part, job.parts) * TILE_COLUMNS;
  const end = min(itemStart(panels, part + 1, job.parts) * TILE_COLUMNS, columns);
  const wStep = (<usize>s.outChannels) << 2;
  const skipped = <usize>first * (transposed ? wStep : 4);
  for (let group = 0; group < s.groups; group++) {
    const column = (<usize>(group * columns + first)) << 2;
    productOfUnit(
      target + column,
      sweep.base + ((<usize>(group * inputs)) << 2),
      sweep,
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
  const inputs = s.groupChannels;
  const sweep = job.sweepOf(thread);
  planForward(sweep, job.source, s, job.leastUnits);
  const product = placePatches(sweep, s, tablesOf(sweep));
  setRuns(sweep, s, inputs, s.outChannels << 2, s.dilationX == 1 && s.groups == 1);
  multiplyUnit(job, sweep, item, job.target, inputs, s.groupOutChannels, false, product);
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
  const sweep = job.sweepOf(0);
  planForward(sweep, x, s, 1);
  parallelFor(forwardItem.index, scratch, shareProduct(job, sweep, s.groupOutChannels));
}

function inputGradItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ConvJob>(args);
  const s = job.shape;
  const outputs = s.groupOutChannels;
  const sweep = job.sweepOf(thread);
  planPhase(sweep, job.source, s, job.phaseY, job.phaseX, job.leastUnits);
  const product = placePatches(sweep, s, tablesOf(sweep));
  setRuns(sweep, s, outputs, 4, false);
  const target = job.target + phaseOffset(s, job.phaseY, job.phaseX);
  multiplyUnit(job, sweep, item, target, outputs, s.groupChannels, true, product);
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
      job.phaseY = y;
      job.phaseX = x;
      planPhase(sweep, dout, s, y, x, 1);
      const items = shareProduct(job, sweep, s.groupChannels);
      if (TRAINS) parallelFor(inputGradItem.index, scratch, items);
    }
  }
}

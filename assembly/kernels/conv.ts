// Two-dimensional convolution and its gradients. Layouts and sizes: conv-shape.ts.
//
// Each output is one chain of additions: forward over (ky, kx, channel), the input's gradient over the output positions
// that read it and their channels, the filter's over (image, y, x); all ascending, padding taking part as zeros. So
// threads share outputs, never a chain: pixels or channels, and the floats of the filter.

import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { depthwiseFilterGrad, depthwiseProduct } from "./conv-depthwise";
import { FILTER_BYTES, filterGrad } from "./conv-filter";
import { addForwardRuns, addPhaseRuns, clearPhase, planForward, planPhase } from "./conv-plan";
import { PRODUCT_BYTES, productOverRuns } from "./conv-product";
import { convFilterGradScalar, convInputGradScalar, convScalar } from "./conv-scalar";
import { ConvShape } from "./conv-shape";
import { Sweep } from "./conv-sweep";
import { f32_gemm, f32_gemm_scratch_bytes } from "./gemm";
import { TILE_COLUMNS } from "./gemm-tile";

const SWEEP_BYTES: usize = 128;
const JOB_BYTES: usize = 64;
/** Where sizes are worked out when there is no scratch yet; the main instance alone does so. */
const PROBE: usize = memory.data(128, 16);
/** Pixels for which packing the weights once more costs little. */
const UNIT_PIXELS: i32 = 256;
/** Floats of the filter for which packing the output's gradient once more costs little. */
const ITEM_FLOATS: i32 = 64;

/** A convolution at work, as all threads read it; lies in front of the scratch. */
@unmanaged
class ConvJob {
  shape: ConvShape;
  /** Sizes of one thread's scratch: sweep, tables, packed operands. */
  threadBytes: usize;
  source: usize;
  target: usize;
  /** w, or dout for the filter's gradient. */
  other: usize;
  bias: usize;
  activation: i32;
  accumulate: bool;
  /** Of dx: which pixels. */
  phaseY: i32;
  phaseX: i32;
  leastUnits: i32;
  /** Items that share a unit's columns, or the filter's floats. */
  parts: i32;

  sweepOf(thread: i32): Sweep {
    return changetype<Sweep>(changetype<usize>(this) + JOB_BYTES + this.threadBytes * thread);
  }
}

function tablesOf(sweep: Sweep): usize {
  return changetype<usize>(sweep) + SWEEP_BYTES;
}

function threadBytes(s: ConvShape): usize {
  const sweep = changetype<Sweep>(PROBE);
  sweep.leastUnits = 1;
  let tables = planForward(sweep, 0, 0, s);
  for (let y = 0; y < min(s.strideY, s.height); y++) {
    for (let x = 0; x < min(s.strideX, s.width); x++) {
      tables = max(tables, planPhase(sweep, 0, 0, s, y, x));
    }
  }
  return SWEEP_BYTES + tables + ((max(PRODUCT_BYTES, FILTER_BYTES) + 15) & ~15);
}

/** Bytes of scratch that suffice for {@link f32_conv2d} and both of its gradients. */
export function f32_conv2d_scratch_bytes(shape: usize): usize {
  if (!ASC_FEATURE_SIMD) return 0;
  const s = changetype<ConvShape>(shape);
  if (s.isPointwise) return f32_gemm_scratch_bytes();
  return JOB_BYTES + threadBytes(s) * threadCount();
}

function newJob(
  scratch: usize,
  s: ConvShape,
  source: usize,
  target: usize,
  other: usize,
  accumulate: bool,
): ConvJob {
  const job = changetype<ConvJob>(scratch);
  job.shape = s;
  job.threadBytes = threadBytes(s);
  job.source = source;
  job.target = target;
  job.other = other;
  job.bias = 0;
  job.activation = 0;
  job.accumulate = accumulate;
  job.leastUnits = 1;
  job.parts = 1;
  return job;
}

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

/**
 * out = activation(x * w + bias), [batch, outHeight, outWidth, outChannels].
 *
 * @param bias - outChannels floats, or 0 for none
 * @param activation - 0 none, 1 relu
 * @param shape - a {@link ConvShape}
 * @param scratch - `f32_conv2d_scratch_bytes(shape)` bytes, 16-byte aligned
 */
export function f32_conv2d(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  activation: i32,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  if (!ASC_FEATURE_SIMD) {
    convScalar(out, x, w, bias, activation, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      out,
      x,
      w,
      pixels,
      outputs,
      inputs,
      inputs,
      outputs,
      outputs,
      false,
      false,
      false,
      bias,
      activation,
      scratch,
    );
    return;
  }
  const job = newJob(scratch, s, x, out, w, false);
  job.bias = bias;
  job.activation = activation;
  shareProduct(job, s.batch * s.outHeight * s.outWidth, outputs);
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

/** dx[batch, height, width, channels] = (accumulate ? dx : 0) + the gradient of x, from dout and w. */
export function f32_conv2d_dx(
  dx: usize,
  dout: usize,
  w: usize,
  accumulate: bool,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  if (!ASC_FEATURE_SIMD) {
    convInputGradScalar(dx, dout, w, accumulate, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      dx,
      dout,
      w,
      pixels,
      inputs,
      outputs,
      outputs,
      outputs,
      inputs,
      false,
      true,
      accumulate,
      0,
      0,
      scratch,
    );
    return;
  }
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
      shareProduct(job, sweep.batch * sweep.rows * sweep.columns, inputs);
      sweep.leastUnits = job.leastUnits;
      planPhase(sweep, 0, dout, s, y, x);
      parallelFor(inputGradItem.index, scratch, sweep.units * job.parts);
    }
  }
}

function filterGradItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ConvJob>(args);
  const s = job.shape;
  const dout = job.other;
  const sweep = job.sweepOf(thread);
  sweep.leastUnits = 1;
  const tables = tablesOf(sweep);
  const product = tables + planForward(sweep, tables, job.source, s);
  addForwardRuns(sweep, s);
  const step = (<usize>s.outChannels) << 2;
  const fours = (s.filterFloats + 3) >> 2;
  const first = itemStart(fours, item, job.parts) << 2;
  const end = itemStart(fours, item + 1, job.parts) << 2;
  if (job.parts > 1) sweep.keepFloats(first, end, <i32>step);
  const outputs = s.groupOutChannels;
  const units = sweep.units;
  for (let unit = 0; unit < units; unit++) {
    sweep.enter(unit);
    const doutAt = dout + <usize>sweep.firstPixel * step;
    const add = job.accumulate || unit > 0;
    if (s.isDepthwise) {
      depthwiseFilterGrad(
        job.target,
        sweep.base,
        sweep.pixels,
        sweep.pixelCount,
        sweep.runs,
        sweep.runCount,
        doutAt,
        s.channels,
        add,
      );
      continue;
    }
    for (let group = 0; group < s.groups; group++) {
      const column = (<usize>(group * outputs)) << 2;
      filterGrad(
        job.target + column,
        sweep.base + ((<usize>(group * s.groupChannels)) << 2),
        sweep.pixels,
        sweep.pixelCount,
        sweep.runs,
        sweep.runCount,
        doutAt + column,
        step,
        outputs,
        add,
        product,
      );
    }
  }
}

/** dw[kernelHeight, kernelWidth, channels / groups, outChannels] = (accumulate ? dw : 0) + the gradient of w. */
export function f32_conv2d_dw(
  dw: usize,
  x: usize,
  dout: usize,
  accumulate: bool,
  shape: usize,
  scratch: usize,
): void {
  const s = changetype<ConvShape>(shape);
  if (!ASC_FEATURE_SIMD) {
    convFilterGradScalar(dw, x, dout, accumulate, s);
    return;
  }
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  if (s.isPointwise) {
    const pixels = s.batch * s.height * s.width;
    f32_gemm(
      dw,
      x,
      dout,
      inputs,
      outputs,
      pixels,
      inputs,
      outputs,
      outputs,
      true,
      false,
      accumulate,
      0,
      0,
      scratch,
    );
    return;
  }
  if (s.batch == 0 && !accumulate) {
    memory.fill(dw, 0, (<usize>(s.filterFloats * s.outChannels)) << 2);
  }
  const job = newJob(scratch, s, x, dw, dout, accumulate);
  if (worthSharing(s.operations)) {
    job.parts = min(itemCount(s.filterFloats), max(s.filterFloats / ITEM_FLOATS, threadCount()));
  }
  parallelFor(filterGradItem.index, scratch, job.parts);
}

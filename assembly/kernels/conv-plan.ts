// Which pixels and runs a convolution and the gradient of its input consist of.

import { ConvShape } from "./conv-shape";
import { RUN_FLOATS, Sweep } from "./conv-sweep";

/** Room for every run, split ones included. */
function runLimit(s: ConvShape): i32 {
  const parts = (max(s.groupChannels, s.groupOutChannels) + RUN_FLOATS - 1) / RUN_FLOATS + 1;
  return s.kernelHeight * s.kernelWidth * parts;
}

/** Plans the sweep of the output pixels over x; the tables lie behind the sweep. Returns their bytes. */
export function planForward(sweep: Sweep, tables: usize, x: usize, s: ConvShape): usize {
  sweep.source = x;
  sweep.batch = s.batch;
  sweep.height = s.height;
  sweep.width = s.width;
  sweep.channels = s.channels;
  sweep.rows = s.outHeight;
  sweep.columns = s.outWidth;
  sweep.strideY = s.strideY;
  sweep.strideX = s.strideX;
  sweep.top = -s.padTop;
  sweep.left = -s.padLeft;
  sweep.spanY = (s.kernelHeight - 1) * s.dilationY + 1;
  sweep.spanX = (s.kernelWidth - 1) * s.dilationX + 1;
  sweep.targetColumn = s.outChannels << 2;
  sweep.targetRow = sweep.columns * sweep.targetColumn;
  sweep.targetImage = sweep.rows * sweep.targetRow;
  return sweep.plan(tables, runLimit(s));
}

/** One run per kernel row where its pixels lie side by side, else one per tap. */
export function addForwardRuns(sweep: Sweep, s: ConvShape): void {
  const inputs = s.groupChannels;
  const weightStep = s.outChannels << 2;
  const joined = s.dilationX == 1 && s.groups == 1;
  const length = joined ? s.kernelWidth * inputs : inputs;
  let weights = 0;
  for (let ky = 0; ky < s.kernelHeight; ky++) {
    for (let kx = 0; kx < s.kernelWidth; kx += joined ? s.kernelWidth : 1) {
      const offset = ky * s.dilationY * sweep.rowBytes + ((kx * s.dilationX * s.channels) << 2);
      sweep.addRun(offset, length, weights, weightStep);
      weights += length * weightStep;
    }
  }
}

/** Largest k < size with (phase - k * dilation) divisible by the stride; -1 if there is none. */
function lastTap(phase: i32, size: i32, dilation: i32, stride: i32): i32 {
  for (let k = size - 1; k >= 0; k--) if ((phase - k * dilation) % stride == 0) return k;
  return -1;
}

function firstTap(phase: i32, size: i32, dilation: i32, stride: i32): i32 {
  for (let k = 0; k < size; k++) if ((phase - k * dilation) % stride == 0) return k;
  return -1;
}

/**
 * Plans the sweep over dout of those input pixels whose position is y mod strideY, x mod strideX: all of them are read
 * by the same taps. Returns the tables' bytes, 0 if no tap reads them.
 */
export function planPhase(
  sweep: Sweep,
  tables: usize,
  dout: usize,
  s: ConvShape,
  y: i32,
  x: i32,
): usize {
  const phaseY = y + s.padTop;
  const phaseX = x + s.padLeft;
  const lastY = lastTap(phaseY, s.kernelHeight, s.dilationY, s.strideY);
  const lastX = lastTap(phaseX, s.kernelWidth, s.dilationX, s.strideX);
  sweep.batch = s.batch;
  sweep.rows = (s.height - y + s.strideY - 1) / s.strideY;
  sweep.columns = (s.width - x + s.strideX - 1) / s.strideX;
  sweep.targetColumn = (s.strideX * s.channels) << 2;
  sweep.targetRow = (s.strideY * s.width * s.channels) << 2;
  sweep.targetImage = (s.height * s.width * s.channels) << 2;
  if (lastY < 0 || lastX < 0) return 0;
  const firstY = firstTap(phaseY, s.kernelHeight, s.dilationY, s.strideY);
  const firstX = firstTap(phaseX, s.kernelWidth, s.dilationX, s.strideX);
  sweep.source = dout;
  sweep.height = s.outHeight;
  sweep.width = s.outWidth;
  sweep.channels = s.outChannels;
  sweep.strideY = 1;
  sweep.strideX = 1;
  sweep.top = (phaseY - lastY * s.dilationY) / s.strideY;
  sweep.left = (phaseX - lastX * s.dilationX) / s.strideX;
  sweep.spanY = ((lastY - firstY) * s.dilationY) / s.strideY + 1;
  sweep.spanX = ((lastX - firstX) * s.dilationX) / s.strideX + 1;
  return sweep.plan(tables, runLimit(s));
}

/** One run per tap that reads the phase, backwards through the kernel: ascending through dout. */
export function addPhaseRuns(sweep: Sweep, s: ConvShape, y: i32, x: i32): void {
  for (let ky = s.kernelHeight - 1; ky >= 0; ky--) {
    const top = y + s.padTop - ky * s.dilationY;
    if (top % s.strideY != 0) continue;
    for (let kx = s.kernelWidth - 1; kx >= 0; kx--) {
      const left = x + s.padLeft - kx * s.dilationX;
      if (left % s.strideX != 0) continue;
      const row = top / s.strideY - sweep.top;
      const column = left / s.strideX - sweep.left;
      const tap = (ky * s.kernelWidth + kx) * s.groupChannels;
      const offset = row * sweep.rowBytes + ((column * s.outChannels) << 2);
      sweep.addRun(offset, s.groupOutChannels, (tap * s.outChannels) << 2, 4);
    }
  }
}

/** Zeros for input pixels that no tap reads. */
export function clearPhase(first: usize, sweep: Sweep, channels: i32): void {
  for (let image = 0; image < sweep.batch; image++) {
    for (let row = 0; row < sweep.rows; row++) {
      let at = first + image * sweep.targetImage + row * sweep.targetRow;
      for (let column = 0; column < sweep.columns; column++) {
        memory.fill(at, 0, (<usize>channels) << 2);
        at += sweep.targetColumn;
      }
    }
  }
}

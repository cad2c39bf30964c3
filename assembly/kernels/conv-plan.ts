// How the grids of a convolution and of its input's gradient lie over what they read.

import { ConvShape } from "./conv-shape";
import { Sweep } from "./conv-sweep";

/** The output pixels over x. */
export function planForward(sweep: Sweep, x: usize, s: ConvShape, leastUnits: i32): void {
  sweep.source = x;
  sweep.batch = s.batch;
  sweep.channels = s.channels;
  sweep.y.setForward(s.outHeight, s.height, s.kernelHeight, s.strideY, s.padTop, s.dilationY);
  sweep.x.setForward(s.outWidth, s.width, s.kernelWidth, s.strideX, s.padLeft, s.dilationX);
  sweep.targetColumn = s.outChannels << 2;
  sweep.targetRow = s.outWidth * sweep.targetColumn;
  sweep.targetImage = s.outHeight * sweep.targetRow;
  sweep.cut(leastUnits);
}

/** Those input pixels over dout whose position is y mod strideY, x mod strideX: all of them have the same taps. */
export function planPhase(
  sweep: Sweep,
  dout: usize,
  s: ConvShape,
  y: i32,
  x: i32,
  leastUnits: i32,
): void {
  sweep.source = dout;
  sweep.batch = s.batch;
  sweep.channels = s.outChannels;
  sweep.y.setPhase(y, s.height, s.outHeight, s.kernelHeight, s.strideY, s.padTop, s.dilationY);
  sweep.x.setPhase(x, s.width, s.outWidth, s.kernelWidth, s.strideX, s.padLeft, s.dilationX);
  sweep.targetColumn = (s.strideX * s.channels) << 2;
  sweep.targetRow = (s.strideY * s.width * s.channels) << 2;
  sweep.targetImage = (s.height * s.width * s.channels) << 2;
  sweep.cut(leastUnits);
}

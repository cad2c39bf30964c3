/** What the pooling ops share: the window's sizes and the record of the result. */
import { PoolShape } from "./kernels/pool-shape";
import { allocArena } from "./memory";
import { Node } from "./tape";
import { allocData, newRecord, Tensor } from "./tensor";

@unmanaged
export class PoolNode extends Node {
  x: Tensor;
  shape: PoolShape;
}

/** Sizes of a pooling of x[n, height, width, channels]; lives as long as the scope. */
export function poolShape(
  x: Tensor,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  padTop: i32,
  padBottom: i32,
  padLeft: i32,
  padRight: i32,
): PoolShape {
  const shape = changetype<PoolShape>(allocArena(offsetof<PoolShape>()));
  shape.batch = x.dim0;
  shape.height = x.dim1;
  shape.width = x.dim2;
  shape.channels = x.dim3;
  shape.kernelHeight = kernelHeight;
  shape.kernelWidth = kernelWidth;
  shape.strideY = strideY;
  shape.strideX = strideX;
  shape.padTop = padTop;
  shape.padBottom = padBottom;
  shape.padLeft = padLeft;
  shape.padRight = padRight;
  return shape;
}

/** [n, outHeight, outWidth, channels], not zeroed. */
export function newPooled(x: Tensor, shape: PoolShape): Tensor {
  const out = newRecord(x.dtype, 4);
  out.dim0 = shape.batch;
  out.dim1 = shape.outHeight;
  out.dim2 = shape.outWidth;
  out.dim3 = shape.channels;
  return allocData(out);
}

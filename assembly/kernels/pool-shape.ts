// Sizes of a two-dimensional pooling.
//
// Layouts: x[batch, height, width, channels], out[batch, outHeight, outWidth, channels].

/** All i32, in this order; the caller fills it in and keeps it. Every window meets the image. */
@unmanaged
export class PoolShape {
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  padTop: i32;
  padBottom: i32;
  padLeft: i32;
  padRight: i32;

  get outHeight(): i32 {
    return (this.height + this.padTop + this.padBottom - this.kernelHeight) / this.strideY + 1;
  }

  get outWidth(): i32 {
    return (this.width + this.padLeft + this.padRight - this.kernelWidth) / this.strideX + 1;
  }
}

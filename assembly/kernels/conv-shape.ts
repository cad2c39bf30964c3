// Sizes of a two-dimensional convolution.
//
// Layouts: x[batch, height, width, channels], w[kernelHeight, kernelWidth, channels / groups, outChannels],
// out[batch, outHeight, outWidth, outChannels].

/** All i32, in this order; the caller fills it in and keeps it. */
@unmanaged
export class ConvShape {
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  outChannels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  padTop: i32;
  padBottom: i32;
  padLeft: i32;
  padRight: i32;
  dilationY: i32;
  dilationX: i32;
  groups: i32;

  get outHeight(): i32 {
    const span = (this.kernelHeight - 1) * this.dilationY + 1;
    return (this.height + this.padTop + this.padBottom - span) / this.strideY + 1;
  }

  get outWidth(): i32 {
    const span = (this.kernelWidth - 1) * this.dilationX + 1;
    return (this.width + this.padLeft + this.padRight - span) / this.strideX + 1;
  }

  get groupChannels(): i32 {
    return this.channels / this.groups;
  }

  get groupOutChannels(): i32 {
    return this.outChannels / this.groups;
  }

  /** Weights of one output channel. */
  get filterFloats(): i32 {
    return this.kernelHeight * this.kernelWidth * this.groupChannels;
  }

  /** Multiplications and additions, forward or of one gradient. */
  get operations(): f64 {
    const outputs = <f64>(this.batch * this.outHeight * this.outWidth) * <f64>this.outChannels;
    return 2 * outputs * <f64>this.filterFloats;
  }

  /** Every channel is convolved with one filter of its own. */
  get isDepthwise(): bool {
    return this.groups == this.channels && this.groups == this.outChannels && this.groups > 1;
  }

  /** A matrix product over pixels: no neighbour is looked at. */
  get isPointwise(): bool {
    return (
      this.kernelHeight == 1 &&
      this.kernelWidth == 1 &&
      this.strideY == 1 &&
      this.strideX == 1 &&
      (this.padTop | this.padBottom | this.padLeft | this.padRight) == 0 &&
      this.groups == 1
    );
  }
}

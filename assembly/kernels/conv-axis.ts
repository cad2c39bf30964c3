// One axis of a convolution: which source positions each grid pixel reads.

/** Pixel i reads the source at start + i * stride + tap * tapStep, for each tap whose position lies inside. */
@unmanaged
export class Axis {
  /** Pixels of the grid. */
  count: i32;
  /** Where pixel 0 reads with tap 0; may lie outside. */
  start: i32;
  stride: i32;
  /** Positions of the source. */
  size: i32;
  /** Taps, none if no pixel reads anything. */
  taps: i32;
  tapStep: i32;
  /** Place of tap 0 in the kernel, and from one tap to the next. */
  kernel: i32;
  kernelStep: i32;

  /** First tap of a pixel that reads inside, or past the last one. */
  firstTap(pixel: i32): i32 {
    const before = -(this.start + pixel * this.stride);
    return before <= 0 ? 0 : min((before + this.tapStep - 1) / this.tapStep, this.taps);
  }

  /** Past the last tap of a pixel that reads inside. */
  tapsEnd(pixel: i32): i32 {
    const left = this.size - 1 - (this.start + pixel * this.stride);
    return left < 0 ? 0 : min(left / this.tapStep + 1, this.taps);
  }

  /** Past the last of the pixels from `pixel` on, below `limit`, that read with the same taps. */
  bandEnd(pixel: i32, limit: i32): i32 {
    const first = this.firstTap(pixel);
    const end = this.tapsEnd(pixel);
    do pixel++;
    while (pixel < limit && this.firstTap(pixel) == first && this.tapsEnd(pixel) == end);
    return pixel;
  }

  /** At most so many stretches of pixels read with the same taps: each differs from the one before in first or last tap. */
  get mostBands(): i32 {
    return min(2 * this.taps + 1, this.count);
  }

  /** Source positions from the first to the last that `pixels` neighbours read. */
  span(pixels: i32): i32 {
    return (pixels - 1) * this.stride + (this.taps - 1) * this.tapStep + 1;
  }

  /** Of the output, over the input: tap k is the kernel's k. */
  setForward(count: i32, size: i32, kernel: i32, stride: i32, padBefore: i32, dilation: i32): void {
    this.count = count;
    this.start = -padBefore;
    this.stride = stride;
    this.size = size;
    this.taps = kernel;
    this.tapStep = dilation;
    this.kernel = 0;
    this.kernelStep = 1;
  }

  /**
   * Of those input positions that are `phase` mod `stride`, over the output: all of them are read by the same taps.
   * Backwards through the kernel: ascending through the output.
   */
  setPhase(
    phase: i32,
    count: i32,
    size: i32,
    kernel: i32,
    stride: i32,
    padBefore: i32,
    dilation: i32,
  ): void {
    this.count = (count - phase + stride - 1) / stride;
    this.stride = 1;
    this.size = size;
    this.start = 0;
    this.taps = 0;
    this.tapStep = 1;
    const from = phase + padBefore;
    for (let k = kernel - 1; k >= 0; k--) {
      if ((from - k * dilation) % stride != 0) continue;
      if (this.taps == 0) {
        this.kernel = k;
        this.start = (from - k * dilation) / stride;
      } else if (this.taps == 1) {
        this.kernelStep = k - this.kernel;
        this.tapStep = ((this.kernel - k) * dilation) / stride;
      }
      this.taps++;
    }
  }
}

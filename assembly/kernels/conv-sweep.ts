// How a grid of output pixels reads an image batch: the geometry that the convolution and both of its gradients share.
//
// The work is cut into units whose part of the source stays in the second level cache: several small images, or a band of
// rows of a large one.

import { Axis } from "./conv-axis";
import { Pixel } from "./conv-tile";

/** Bytes of source worth keeping in the second level cache beside the weights. */
const UNIT_BYTES: i32 = 1 << 19;

/** Pixels that read with the same taps. */
@unmanaged
export class Patch {
  pixels: usize;
  pixelsEnd: usize;
  /** Taps that lie inside: rows [top, bottom), columns [left, right); may be none. */
  top: i32;
  bottom: i32;
  left: i32;
  right: i32;
}

@unmanaged
export class Sweep {
  /** What is read: source[batch, y.size, x.size, channels]. */
  source: usize;
  batch: i32;
  channels: i32;
  /** Bytes between grid neighbours where the results go. */
  targetImage: i32;
  targetRow: i32;
  targetColumn: i32;

  /** Derived by {@link cut}. */
  unitImages: i32;
  unitRows: i32;

  /** Bytes from one row of what is read to the next. */
  rowBytes: i32;
  /** Runs of all taps (conv-runs.ts), floats that one tap reads, bytes between the weights of neighbouring ones. */
  runs: usize;
  runsEnd: usize;
  tapFloats: i32;
  weightStep: i32;
  /** Room for the runs of one patch. */
  kept: usize;
  /** What pixels read from, the pixels, and of a patchwise unit its patches. */
  base: usize;
  pixels: usize;
  patches: usize;
  patchesEnd: usize;

  /** The unit at hand, set by {@link enter}: its images and rows of the grid. */
  image: i32;
  images: i32;
  row: i32;
  rowsEnd: i32;

  get y(): Axis {
    return changetype<Axis>(changetype<usize>(this) + offsetof<Sweep>());
  }

  get x(): Axis {
    return changetype<Axis>(changetype<usize>(this) + offsetof<Sweep>() + offsetof<Axis>());
  }

  /** Cuts the grid into units, so many at least if it is large enough. */
  cut(leastUnits: i32): void {
    const y = this.y;
    const rowBytes = (this.x.size * this.channels) << 2;
    const imageBytes = y.size * rowBytes;
    if (imageBytes <= UNIT_BYTES) {
      this.unitImages = max(min(this.batch, UNIT_BYTES / max(imageBytes, 1)), 1);
      this.unitRows = max(y.count, 1);
    } else {
      this.unitImages = 1;
      const rows = (UNIT_BYTES / rowBytes - y.span(1)) / y.stride + 1;
      this.unitRows = max(min(rows, y.count), 1);
    }
    if (leastUnits > 1 && this.units < leastUnits) {
      this.unitImages = max(this.batch / leastUnits, 1);
      const bands = (leastUnits + this.batch - 1) / this.batch;
      this.unitRows = min((y.count + bands - 1) / bands, this.unitRows);
    }
    this.rowBytes = rowBytes;
  }

  /** Units of one stretch of images. */
  private get bands(): i32 {
    return (this.y.count + this.unitRows - 1) / this.unitRows;
  }

  get units(): i32 {
    return ((this.batch + this.unitImages - 1) / this.unitImages) * this.bands;
  }

  /** Most pixels of a unit. */
  get unitPixels(): i32 {
    return this.unitImages * this.unitRows * this.x.count;
  }

  /** Makes unit `unit` the one at hand: units go over the grid in ascending order. */
  enter(unit: i32): void {
    const bands = this.bands;
    this.image = (unit / bands) * this.unitImages;
    this.images = min(this.unitImages, this.batch - this.image);
    this.row = (unit % bands) * this.unitRows;
    this.rowsEnd = min(this.row + this.unitRows, this.y.count);
  }

  /** Pixels of all units before the one at hand. */
  get firstPixel(): i32 {
    return (this.image * this.y.count + this.row) * this.x.count;
  }

  /**
   * Writes down the unit's pixels of rows [top, bottom) and columns [left, right), images first. Returns where they end.
   *
   * @param origin - bytes from `base` to where pixel (0, 0) of the unit's first image reads with tap 0
   * @param imageBytes - from one image of the source to the next
   */
  addPixels(
    at: usize,
    top: i32,
    bottom: i32,
    left: i32,
    right: i32,
    origin: i32,
    imageBytes: i32,
  ): usize {
    const sourceRow = this.y.stride * this.rowBytes;
    const sourceColumn = (this.x.stride * this.channels) << 2;
    for (let i = 0; i < this.images; i++) {
      for (let row = top; row < bottom; row++) {
        let source = origin + i * imageBytes + row * sourceRow + left * sourceColumn;
        let target =
          (this.image + i) * this.targetImage + row * this.targetRow + left * this.targetColumn;
        for (let column = left; column < right; column++) {
          changetype<Pixel>(at).source = source;
          changetype<Pixel>(at).target = target;
          source += sourceColumn;
          target += this.targetColumn;
          at += offsetof<Pixel>();
        }
      }
    }
    return at;
  }
}

/** Bytes of a sweep and its axes, rounded up to those of a vector. */
export const SWEEP_BYTES: usize = (offsetof<Sweep>() + 2 * offsetof<Axis>() + 15) & ~15;

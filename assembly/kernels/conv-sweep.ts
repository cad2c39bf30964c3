// How a grid of output pixels reads an image batch: the geometry that the convolution and both of its gradients share.
//
// The work is cut into units that stay in the second level cache: several small images, or a band of rows of a large
// one. A unit's window is copied with zeros around it, unless the grid never reaches past the image.

import { copyWindow } from "./conv-pad";
import { Pixel, Run } from "./conv-tile";

/** Bytes of a window worth keeping in the second level cache beside the weights. */
const WINDOW_BYTES: i32 = 1 << 19;
/** Longest run; longer ones are split evenly. */
export const RUN_FLOATS: i32 = 256;

@unmanaged
export class Sweep {
  /** What is read: source[batch, height, width, channels]. */
  source: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** Grid of output pixels per image. */
  rows: i32;
  columns: i32;
  /** Source pixels from one grid pixel to the next. */
  strideY: i32;
  strideX: i32;
  /** Source position of the first grid pixel's window, maybe outside, and the window's size. */
  top: i32;
  left: i32;
  spanY: i32;
  spanX: i32;
  /** Bytes between grid neighbours where the results go. */
  targetImage: i32;
  targetRow: i32;
  targetColumn: i32;
  /** Units to cut the grid into, if it is large enough for so many. */
  leastUnits: i32;

  /** Derived by {@link plan}. */
  padded: bool;
  unitImages: i32;
  unitRows: i32;
  windowColumns: i32;
  window: usize;
  pixels: usize;
  runs: usize;
  runCount: i32;

  /** The unit at hand, set by {@link enter}. */
  base: usize;
  /** Its first pixel, counted over the whole grid, and how many there are. */
  firstPixel: i32;
  pixelCount: i32;

  private windowRows(rows: i32): i32 {
    return (rows - 1) * this.strideY + this.spanY;
  }

  /** Bytes from one row of the window to the next. */
  get rowBytes(): i32 {
    return (this.windowColumns * this.channels) << 2;
  }

  /** Cuts the grid into units and returns the bytes of tables and window; sets their places from `scratch` on. */
  plan(scratch: usize, runLimit: i32): usize {
    const bottom = this.top + this.windowRows(this.rows);
    const right = this.left + (this.columns - 1) * this.strideX + this.spanX;
    this.padded = this.top < 0 || this.left < 0 || bottom > this.height || right > this.width;
    this.windowColumns = this.padded ? right - this.left : this.width;
    const rowBytes = this.rowBytes;
    const imageBytes = this.windowRows(this.rows) * rowBytes;
    if (imageBytes <= WINDOW_BYTES) {
      this.unitImages = max(min(this.batch, WINDOW_BYTES / max(imageBytes, 1)), 1);
      this.unitRows = max(this.rows, 1);
    } else {
      this.unitImages = 1;
      const rows = (WINDOW_BYTES / rowBytes - this.spanY) / this.strideY + 1;
      this.unitRows = max(min(rows, this.rows), 1);
    }
    if (this.leastUnits > 1 && this.units < this.leastUnits) {
      this.unitImages = max(this.batch / this.leastUnits, 1);
      const bands = (this.leastUnits + this.batch - 1) / this.batch;
      this.unitRows = min((this.rows + bands - 1) / bands, this.unitRows);
    }
    this.pixels = scratch;
    this.runs = this.pixels + this.unitImages * this.unitRows * this.columns * offsetof<Pixel>();
    this.window = (this.runs + runLimit * offsetof<Run>() + 15) & ~15;
    this.runCount = 0;
    const bytes = this.padded ? this.unitImages * this.windowRows(this.unitRows) * rowBytes : 0;
    return ((this.window + bytes + 15) & ~15) - scratch;
  }

  /** Units of one stretch of images. */
  private get bands(): i32 {
    return (this.rows + this.unitRows - 1) / this.unitRows;
  }

  get units(): i32 {
    return ((this.batch + this.unitImages - 1) / this.unitImages) * this.bands;
  }

  /** Appends a run; `weightStep` is the bytes between the weights of neighbouring floats. */
  addRun(offset: i32, length: i32, weights: i32, weightStep: i32): void {
    const parts = (length + RUN_FLOATS - 1) / RUN_FLOATS;
    const part = (length + parts - 1) / parts;
    for (let start = 0; start < length; start += part) {
      const run = changetype<Run>(this.runs + this.runCount * offsetof<Run>());
      run.offset = offset + (start << 2);
      run.length = min(part, length - start);
      run.weights = weights + start * weightStep;
      this.runCount++;
    }
  }

  /** Drops all floats of the runs but [first, end); `weightStep` as in {@link addRun}. */
  keepFloats(first: i32, end: i32, weightStep: i32): void {
    const count = this.runCount;
    let float = 0;
    this.runCount = 0;
    for (let i = 0; i < count; i++) {
      const run = changetype<Run>(this.runs + i * offsetof<Run>());
      const length = run.length;
      const from = max(first - float, 0);
      const to = min(end - float, length);
      float += length;
      if (from >= to) continue;
      this.addRun(run.offset + (from << 2), to - from, run.weights + from * weightStep, weightStep);
    }
  }

  /** Makes unit `unit` the one at hand: units go over the grid in ascending order. */
  enter(unit: i32): void {
    const bands = this.bands;
    const image = (unit / bands) * this.unitImages;
    const row = (unit % bands) * this.unitRows;
    const images = min(this.unitImages, this.batch - image);
    const rows = min(this.unitRows, this.rows - row);
    const top = this.top + row * this.strideY;
    const pixelBytes = this.channels << 2;
    const rowBytes = this.rowBytes;
    const imageAt = this.source + <usize>image * (this.height * this.width * pixelBytes);
    let imageBytes: i32;
    if (this.padded) {
      const windowRows = this.windowRows(rows);
      copyWindow(
        this.window,
        imageAt,
        images,
        this.height,
        this.width,
        this.channels,
        top,
        windowRows,
        this.left,
        this.windowColumns,
      );
      this.base = this.window;
      imageBytes = windowRows * rowBytes;
    } else {
      this.base = imageAt + top * rowBytes + this.left * pixelBytes;
      imageBytes = this.height * rowBytes;
    }
    let at = this.pixels;
    for (let i = 0; i < images; i++) {
      for (let y = 0; y < rows; y++) {
        let source = i * imageBytes + y * this.strideY * rowBytes;
        let target = (image + i) * this.targetImage + (row + y) * this.targetRow;
        for (let x = 0; x < this.columns; x++) {
          changetype<Pixel>(at).source = source;
          changetype<Pixel>(at).target = target;
          source += this.strideX * pixelBytes;
          target += this.targetColumn;
          at += offsetof<Pixel>();
        }
      }
    }
    this.firstPixel = (image * this.rows + row) * this.columns;
    this.pixelCount = images * rows * this.columns;
  }
}

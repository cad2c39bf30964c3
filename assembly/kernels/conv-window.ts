// A unit's part of the images copied with zeros around it: the filter's gradient reads all taps of all pixels in one order.

import { placeRuns } from "./conv-runs";
import { ConvShape } from "./conv-shape";
import { Sweep } from "./conv-sweep";
import { Pixel } from "./conv-tile";

/** Columns of a window. */
function windowColumns(sweep: Sweep): i32 {
  return sweep.x.span(sweep.x.count);
}

/**
 * Sets the places of a sweep's tables and its window from `at` on, and the bytes between the window's rows. Returns where
 * they end.
 */
export function placeWindow(sweep: Sweep, s: ConvShape, at: usize): usize {
  sweep.rowBytes = (windowColumns(sweep) * sweep.channels) << 2;
  sweep.pixels = placeRuns(sweep, s, at);
  sweep.base = (sweep.pixels + sweep.unitPixels * offsetof<Pixel>() + 15) & ~15;
  return (sweep.base + sweep.unitImages * sweep.y.span(sweep.unitRows) * sweep.rowBytes + 15) & ~15;
}

/** Makes unit `unit` the one at hand, copies its window and writes down its pixels, in order. Returns where they end. */
export function enterWindow(sweep: Sweep, unit: i32): usize {
  sweep.enter(unit);
  const y = sweep.y;
  const rows = y.span(sweep.rowsEnd - sweep.row);
  copyWindow(sweep, y.start + sweep.row * y.stride, rows);
  const origin = -sweep.row * y.stride * sweep.rowBytes;
  return sweep.addPixels(
    sweep.pixels,
    sweep.row,
    sweep.rowsEnd,
    0,
    sweep.x.count,
    origin,
    rows * sweep.rowBytes,
  );
}

/** Copies rows [top, top + rows) of the unit's images; they are short, and a bulk memory instruction costs a call. */
function copyWindow(sweep: Sweep, top: i32, rows: i32): void {
  const width = sweep.x.size;
  const height = sweep.y.size;
  const left = sweep.x.start;
  const columns = windowColumns(sweep);
  const pixelBytes = (<usize>sweep.channels) << 2;
  const inside = max(min(left + columns, width) - max(left, 0), 0);
  const before = pixelBytes * min(max(-left, 0), columns);
  const copied = pixelBytes * inside;
  let to = sweep.base;
  let image = sweep.source + <usize>sweep.image * (pixelBytes * (height * width));
  for (let i = 0; i < sweep.images; i++) {
    for (let y = top; y < top + rows; y++) {
      const first = to + before;
      const last = first + (y < 0 || y >= height ? 0 : copied);
      const end = to + sweep.rowBytes;
      for (; to < first; to += 4) store<f32>(to, 0);
      let from = image + pixelBytes * (y * width + max(left, 0));
      for (; to + 16 <= last; to += 16, from += 16) v128.store(to, v128.load(from));
      for (; to < last; to += 4, from += 4) store<f32>(to, load<f32>(from));
      for (; to < end; to += 4) store<f32>(to, 0);
    }
    image += pixelBytes * (height * width);
  }
}

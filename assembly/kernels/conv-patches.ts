// A unit's pixels by what they read: a patch is a rectangle of the grid whose pixels all have the same taps inside the
// image. So nothing is read where the padding lies, and nothing is copied.

import { placeRuns } from "./conv-runs";
import { ConvShape } from "./conv-shape";
import { Patch, Sweep } from "./conv-sweep";
import { Pixel } from "./conv-tile";

/** Sets the places of a sweep's tables from `at` on. Returns where they end. */
export function placePatches(sweep: Sweep, s: ConvShape, at: usize): usize {
  sweep.pixels = placeRuns(sweep, s, at);
  sweep.patches = sweep.pixels + sweep.unitPixels * offsetof<Pixel>();
  return (sweep.patches + sweep.y.mostBands * sweep.x.mostBands * offsetof<Patch>() + 15) & ~15;
}

/** Makes unit `unit` the one at hand and writes down its patches. */
export function enterPatches(sweep: Sweep, unit: i32): void {
  sweep.enter(unit);
  const y = sweep.y;
  const x = sweep.x;
  const imageBytes = y.size * sweep.rowBytes;
  const origin = y.start * sweep.rowBytes + ((x.start * sweep.channels) << 2);
  sweep.base = sweep.source + <usize>sweep.image * imageBytes;
  let at = sweep.patches;
  let pixels = sweep.pixels;
  for (let row = sweep.row; row < sweep.rowsEnd; ) {
    const bottom = y.bandEnd(row, sweep.rowsEnd);
    for (let column = 0; column < x.count; ) {
      const right = x.bandEnd(column, x.count);
      const patch = changetype<Patch>(at);
      patch.pixels = pixels;
      pixels = sweep.addPixels(pixels, row, bottom, column, right, origin, imageBytes);
      patch.pixelsEnd = pixels;
      patch.top = y.firstTap(row);
      patch.bottom = y.tapsEnd(row);
      patch.left = x.firstTap(column);
      patch.right = x.tapsEnd(column);
      at += offsetof<Patch>();
      column = right;
    }
    row = bottom;
  }
  sweep.patchesEnd = at;
}

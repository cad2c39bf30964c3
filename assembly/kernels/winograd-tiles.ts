// Pictures cut into the tiles of Winograd's convolutions, and their transforms laid out for the products.

import { read, splat, write } from "../lanes";
import { TRAINS } from "../trains";
import {
  SQUARE_BYTES,
  transformInput,
  transformOutputGrad,
  VALUE_BYTES,
} from "./winograd-transform";

/** Bytes of scratch of {@link Tiles.transform}. */
export const TILE_SCRATCH_BYTES: usize = 2 * SQUARE_BYTES;
/** Channels that lie side by side in the results. */
export const PANEL: i32 = 8;
/** Most bytes of transformed tiles at once: they should stay in the last cache. */
const MOST_BYTES: i32 = 1 << 22;

/** Channels rounded up to whole panels. */
export function padded(channels: i32): i32 {
  return (channels + PANEL - 1) & -PANEL;
}

/** So many bytes or a few more, such that neighbours lie in different sets of the first level cache. */
export function spread(bytes: usize): usize {
  return ((bytes + 63) & ~63) | 64;
}

/** How many tiles to transform at once, if each of their values has `channels` channels. */
export function tilesAtOnce(size: i32, channels: i32): i32 {
  const values = (size + 2) * (size + 2);
  return max(MOST_BYTES / (values * padded(channels) * 4), PANEL);
}

/** Bytes of the transforms of so many tiles, laid either way. */
export function tileBytes(size: i32, channels: i32, tiles: i32): usize {
  return spread((<usize>(padded(channels) * tiles)) << 2) * ((size + 2) * (size + 2));
}

/** One operand: pictures, where their tiles lie, and where the transforms go. */
@unmanaged
export class Tiles {
  /** [images, height, width, channels]. */
  data: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** Outputs along a tile's side. */
  size: i32;
  tilesY: i32;
  tilesX: i32;
  /** True for the output's gradient, whose windows have `size` pixels a side; else they have 2 more. */
  ofOutput: bool;
  /** Rows and columns by which the first window lies outside. */
  top: i32;
  left: i32;
  /** Results: value v of tile t in channel c is at v valueStep + t tileStep + (c / 8) panelStep + (c % 8) floats. */
  packed: usize;
  valueStep: usize;
  tileStep: usize;
  panelStep: usize;

  get values(): i32 {
    return (this.size + 2) * (this.size + 2);
  }

  /** Each tile's channels side by side, as rows of a product. Returns the bytes of the results. */
  layRows(packed: usize, tiles: i32): usize {
    this.packed = packed;
    this.tileStep = (<usize>padded(this.channels)) << 2;
    this.panelStep = PANEL << 2;
    this.valueStep = spread(this.tileStep * tiles);
    return this.valueStep * this.values;
  }

  /** The tiles of 8 channels after each other, as panels of a product that sums over tiles. */
  layPanels(packed: usize, tiles: i32): usize {
    this.packed = packed;
    this.tileStep = PANEL << 2;
    this.panelStep = this.tileStep * tiles;
    this.valueStep = spread(this.panelStep * (padded(this.channels) / PANEL));
    return this.valueStep * this.values;
  }

  /** Transforms tiles [first, first + count) of the batch to results from number `at` on. */
  transform(first: i32, count: i32, at: i32, scratch: usize): void {
    const span = this.ofOutput ? this.size : this.size + 2;
    const perImage = this.tilesY * this.tilesX;
    const pixelBytes = (<usize>this.channels) << 2;
    for (let tile = first; tile < first + count; tile++) {
      const image = tile / perImage;
      const place = tile % perImage;
      const y = (place / this.tilesX) * this.size - this.top;
      const x = (place % this.tilesX) * this.size - this.left;
      const inside = y >= 0 && x >= 0 && y + span <= this.height && x + span <= this.width;
      const picture = this.data + <usize>(image * this.height * this.width) * pixelBytes;
      const to = this.packed + <usize>at * this.tileStep;
      let channel = 0;
      if (ASC_FEATURE_SIMD) {
        for (; channel + 4 <= this.channels; channel += 4) {
          this.transformOne<v128>(picture, y, x, inside, span, channel, to, scratch);
        }
      }
      for (; channel < this.channels; channel++) {
        this.transformOne<f32>(picture, y, x, inside, span, channel, to, scratch);
      }
      at++;
    }
  }

  private transformOne<T>(
    picture: usize,
    y: i32,
    x: i32,
    inside: bool,
    span: i32,
    channel: i32,
    to: usize,
    scratch: usize,
  ): void {
    let columnStep = (<usize>this.channels) << 2;
    let rowStep = columnStep * this.width;
    let from = picture + ((<usize>channel) << 2);
    if (inside) {
      from += <usize>y * rowStep + <usize>x * columnStep;
    } else {
      this.copyWindow<T>(scratch, from, rowStep, columnStep, y, x, span);
      from = scratch;
      columnStep = VALUE_BYTES;
      rowStep = VALUE_BYTES * span;
    }
    to += <usize>(channel / PANEL) * this.panelStep + ((<usize>(channel % PANEL)) << 2);
    const rest = scratch + SQUARE_BYTES;
    if (TRAINS && this.ofOutput) {
      transformOutputGrad<T>(this.size, from, rowStep, columnStep, to, this.valueStep, rest);
    } else transformInput<T>(this.size, from, rowStep, columnStep, to, this.valueStep, rest);
  }

  /** A window that reaches outside, with zeros there. */
  private copyWindow<T>(
    to: usize,
    from: usize,
    rowStep: usize,
    columnStep: usize,
    y: i32,
    x: i32,
    span: i32,
  ): void {
    const zero = splat<T>(0);
    const end = to + VALUE_BYTES * (span * span);
    for (let at = to; at < end; at += VALUE_BYTES) write<T>(at, zero);
    const top = max(-y, 0);
    const left = max(-x, 0);
    const bottom = min(this.height - y, span);
    const right = min(this.width - x, span);
    from += <usize>(y + top) * rowStep + <usize>(x + left) * columnStep;
    to += VALUE_BYTES * (top * span + left);
    for (let row = top; row < bottom; row++) {
      let at = from;
      let target = to;
      for (let column = left; column < right; column++) {
        write<T>(target, read<T>(at));
        at += columnStep;
        target += VALUE_BYTES;
      }
      from += rowStep;
      to += VALUE_BYTES * span;
    }
  }
}

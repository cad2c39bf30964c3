/** Pictures to another size by triangle filters that widen when they shrink (Pillow's BILINEAR), rows then columns. */
import type { Picture } from "../decode/picture.ts";

/** A rectangle of a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The largest square in the middle. */
export function middleSquare({ width, height }: { width: number; height: number }): Box {
  const side = Math.min(width, height);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  return { left, top, width: side, height: side };
}

/** The rectangle of a picture, scaled to `width` x `height`: [height, width, 3]. */
export function resizeRgb(
  { rgb, width: stride }: Picture,
  box: Box,
  width: number,
  height: number,
): Uint8Array {
  const columns = weights(box.width, width);
  const wide = new Float32Array(box.height * width * 3);
  for (let y = 0; y < box.height; y++) {
    const row = ((box.top + y) * stride + box.left) * 3;
    for (let x = 0; x < width; x++) {
      const { first, shares } = columns[x] as Taps;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < shares.length; k++) {
          sum += (shares[k] as number) * (rgb[row + (first + k) * 3 + c] as number);
        }
        wide[(y * width + x) * 3 + c] = sum;
      }
    }
  }
  const rows = weights(box.height, height);
  const out = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const { first, shares } = rows[y] as Taps;
    for (let i = 0; i < width * 3; i++) {
      let sum = 0;
      for (let k = 0; k < shares.length; k++) {
        sum += (shares[k] as number) * (wide[(first + k) * width * 3 + i] as number);
      }
      out[y * width * 3 + i] = Math.max(0, Math.min(255, Math.floor(sum + 0.5)));
    }
  }
  return out;
}

/** The source pixels that one output pixel is made of. */
interface Taps {
  readonly first: number;
  readonly shares: Float64Array;
}

function weights(from: number, to: number): Taps[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(from, Math.floor(centre + support + 0.5));
    const shares = Float64Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / support)),
    );
    const total = shares.reduce((sum, share) => sum + share, 0);
    return { first, shares: shares.map((share) => share / total) };
  });
}

/** Small square pictures, on the page and in workers. */
import { SIDE } from "./pair.ts";

/** A canvas of SIDE x SIDE to be read from. */
export function pixelContext(): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  return canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
}

/** [SIDE, SIDE, 3] red, green, blue. */
export function readPixels(context: OffscreenCanvasRenderingContext2D): Uint8Array {
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[4 * Math.floor(i / 3) + (i % 3)] as number;
  return rgb;
}

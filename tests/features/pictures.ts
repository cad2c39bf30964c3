import type { Picture } from "../../src/features/picture.ts";

/** The noise of make-features.py. */
export function makePicture(width: number, height: number, channels: number): Picture<Uint8Array> {
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
  );
  return { width, height, channels, data };
}

/** The same pixels as numbers. */
export function asNumbers(picture: Picture): Picture<Float32Array> {
  return { ...picture, data: Float32Array.from(picture.data) };
}

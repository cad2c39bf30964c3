import { ShapeError } from "../engine/errors.ts";
import { checkNumber } from "./checks.ts";
import { checkPicture, type Picture } from "./picture.ts";

/** Mean and deviation of the channels of ImageNet's pictures, on the scale 0 to 1. */
export const IMAGENET_COLOURS = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
} as const satisfies ColourStatistics;

/** Per channel. */
export interface ColourStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const VALUES = 256;

/**
 * Bytes to numbers for a network, (byte / 255 - mean) / deviation per channel, in the picture's own layout: one row of a
 * [batch, height, width, channels] tensor.
 *
 * @param out - where to write, such as a part of a batch; default: new memory
 * @throws {ShapeError} if the picture's data are not of its shape, or channels and statistics differ in number
 * @throws {OptionError} if a deviation is not above 0
 */
export function normalisePicture(
  picture: Picture<Uint8Array>,
  { mean, deviation }: ColourStatistics,
  out: Float32Array = new Float32Array(picture.data.length),
): Float32Array {
  checkPicture("normalise", picture);
  const { channels, data } = picture;
  if (mean.length !== channels || deviation.length !== channels) {
    throw new ShapeError(
      `normalise: Cannot use the statistics: expected ${channels} means and deviations, got ${mean.length} and ${deviation.length}`,
    );
  }
  if (out.length !== data.length) {
    throw new ShapeError(
      `normalise: Cannot write the result: expected room for ${data.length} numbers, got ${out.length}`,
    );
  }
  const tables = mean.map((m, c) => {
    const d = deviation[c] as number;
    checkNumber("normalise", "mean", m, -Number.MAX_VALUE, Number.MAX_VALUE);
    checkNumber("normalise", "deviation", d, Number.MIN_VALUE, Number.MAX_VALUE);
    return Float32Array.from({ length: VALUES }, (_, byte) => (byte / 255 - m) / d);
  });
  for (let c = 0; c < channels; c++) {
    const table = tables[c] as Float32Array;
    for (let i = c; i < data.length; i += channels) out[i] = table[data[i] as number] as number;
  }
  return out;
}

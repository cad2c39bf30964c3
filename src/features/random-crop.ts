import { exp, log } from "../engine/math.ts";
import type { Random } from "../random.ts";
import { checkNumber } from "./checks.ts";
import { type Box, crop } from "./crop.ts";
import type { Features } from "./features.ts";
import { checkPicture, type Picture, type PictureData } from "./picture.ts";
import { type ResizeOptions, resize } from "./resize.ts";

export interface RandomCropOptions extends ResizeOptions {
  /** Least and largest share of the picture's area; default [0.08, 1]. */
  area?: readonly [least: number, most: number];
  /** Least and largest width over height; default [3/4, 4/3]. */
  aspect?: readonly [least: number, most: number];
}

/** Draws until a box fits, so often; then the largest box of an allowed aspect is taken. */
const TRIES = 10;

/**
 * A random part of the picture, resized: torchvision's `RandomResizedCrop`, by draws of our own.
 *
 * The area is drawn evenly, the aspect evenly on a logarithmic scale.
 *
 * @param random - such as `new Random(seed, "sample 17, epoch 3")`: the same stream, the same crop on every machine
 * @throws {ShapeError} if the picture's data are not of its shape
 * @throws {OptionError} if an option is out of range
 */
export function randomResizedCrop<D extends PictureData>(
  features: Features,
  picture: Picture<D>,
  random: Random,
  options: RandomCropOptions,
): Picture<D> {
  checkPicture("random crop", picture);
  return resize(features, crop(picture, randomBox(picture, random, options)), options);
}

/** The box that {@link randomResizedCrop} takes. @throws {OptionError} if an option is out of range */
export function randomBox(
  { width, height }: Picture,
  random: Random,
  options: Pick<RandomCropOptions, "area" | "aspect">,
): Box {
  const [leastArea, mostArea] = options.area ?? [0.08, 1];
  const [narrow, broad] = options.aspect ?? [3 / 4, 4 / 3];
  checkNumber("random crop", "area", leastArea, 0, mostArea);
  checkNumber("random crop", "area", mostArea, leastArea, 1);
  checkNumber("random crop", "aspect", narrow, Number.MIN_VALUE, broad);
  checkNumber("random crop", "aspect", broad, narrow, Number.MAX_VALUE);
  for (let i = 0; i < TRIES; i++) {
    const area = width * height * (leastArea + (mostArea - leastArea) * random.float());
    const aspect = exp(log(narrow) + (log(broad) - log(narrow)) * random.float());
    const w = Math.round(Math.sqrt(area * aspect));
    const h = Math.round(Math.sqrt(area / aspect));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    const left = random.int(width - w + 1);
    return { left, top: random.int(height - h + 1), width: w, height: h };
  }
  const aspect = Math.min(broad, Math.max(narrow, width / height));
  const w = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const h = Math.max(1, Math.min(height, Math.round(width / aspect)));
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}

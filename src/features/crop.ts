import { checkWhole } from "./checks.ts";
import { checkPicture, type Picture, type PictureData, sameKind } from "./picture.ts";

/** A rectangle of pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The part of the picture in a box.
 *
 * @throws {ShapeError} if the picture's data are not of its shape
 * @throws {OptionError} if the box is not within the picture
 */
export function crop<D extends PictureData>(picture: Picture<D>, box: Box): Picture<D> {
  checkPicture("crop", picture);
  const { left, top, width, height } = box;
  checkWhole("crop", "width", width, 1, picture.width);
  checkWhole("crop", "height", height, 1, picture.height);
  checkWhole("crop", "left", left, 0, picture.width - width);
  checkWhole("crop", "top", top, 0, picture.height - height);
  const { channels } = picture;
  const data = sameKind(picture.data, width * height * channels);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + row), y * row);
  }
  return { width, height, channels, data };
}

/**
 * The middle of the picture, as torchvision's `CenterCrop` places it, which needs no padding here.
 *
 * @throws {ShapeError} if the picture's data are not of its shape
 * @throws {OptionError} if the picture is smaller
 */
export function centreCrop<D extends PictureData>(
  picture: Picture<D>,
  width: number,
  height: number = width,
): Picture<D> {
  const left = middle(picture.width - width);
  return crop(picture, { left, top: middle(picture.height - height), width, height });
}

/** Half, rounded to the even one of two equally near: Python's `round`. */
function middle(room: number): number {
  const half = room / 2;
  const below = Math.floor(half);
  if (half === below) return half;
  return below % 2 === 0 ? below : below + 1;
}

/** The picture with left and right exchanged. @throws {ShapeError} if its data are not of its shape */
export function flip<D extends PictureData>(picture: Picture<D>): Picture<D> {
  checkPicture("flip", picture);
  const { width, height, channels } = picture;
  const data = sameKind(picture.data, picture.data.length);
  for (let y = 0; y < height; y++) {
    let from = y * width * channels;
    for (let x = width - 1; x >= 0; x--) {
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = picture.data[from++] as number;
    }
  }
  return { ...picture, data };
}

/** PNG, JPEG and WebP files to red, green and blue. */
import { decodeOrRefuse } from "../../decode/broken-file.ts";
import { checkPictureFile } from "../../decode/picture-file.ts";
import { type FileSource, readSource } from "../../decode/source.ts";
import type { Picture } from "../../features/picture.ts";
import { jpeg, png, type RawPicture, webp } from "./libraries.ts";

const DECODERS = { png, jpeg, webp };

/**
 * Decodes a picture, whatever its name says it is. How it is to be turned (Exif) is not followed.
 *
 * @param where - the file, for messages
 * @returns red, green and blue; what is transparent lies on white
 * @throws {DataFormatError} if it is no such file, is cut off or broken, or claims more than 8,192 x 8,192 pixels
 */
export async function decodePicture(
  source: FileSource,
  where = "picture",
): Promise<Picture<Uint8Array>> {
  const bytes = await readSource(source, where);
  const kind = checkPictureFile(bytes, where);
  return toRgb(await decodeOrRefuse(where, `a whole ${kind} file`, () => DECODERS[kind](bytes)));
}

/** Red, green and blue of 8 bits; what is transparent lies on white. */
export function toRgb(raw: RawPicture): Picture<Uint8Array> {
  const { width, height, channels, depth } = raw;
  if (channels === 4 && depth === 8 && isOpaque(raw.data)) return dropOpacity(raw);
  const values = depth < 8 ? unpackBits(raw) : raw.data;
  const largest = depth === 16 ? 65535 : 255;
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0, to = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const alpha = hasAlpha ? (values[at + channels - 1] as number) : largest;
    for (let c = 0; c < 3; c++) {
      const value = values[isGrey ? at : at + c] as number;
      // On white, rounded to the nearest of 256 steps.
      const onWhite = (value * alpha + largest * (largest - alpha)) / largest;
      data[to++] = Math.floor((onWhite * 255) / largest + 0.5);
    }
  }
  return { width, height, channels: 3, data };
}

function isOpaque(data: RawPicture["data"]): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** As the rest of {@link toRgb}, several times as fast: every JPEG comes so. */
function dropOpacity({ width, height, data: { buffer, byteOffset, length } }: RawPicture) {
  // One kind of array, whatever the decoder gives: mixed kinds make the loop slow.
  const values = new Uint8Array(buffer, byteOffset, length);
  const data = new Uint8Array(width * height * 3);
  for (let at = 0, to = 0; at < length; at += 4, to += 3) {
    data[to] = values[at] as number;
    data[to + 1] = values[at + 1] as number;
    data[to + 2] = values[at + 2] as number;
  }
  return { width, height, channels: 3, data };
}

/** Grey values of 1, 2 or 4 bits, spread over 0 to 255. */
function unpackBits({ width, height, depth, data }: RawPicture): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = (1 << depth) - 1;
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + ((x * depth) >> 3)] as number;
      const shift = 8 - depth - ((x * depth) % 8);
      values[y * width + x] = (((byte >>> shift) & largest) * 255) / largest;
    }
  }
  return values;
}

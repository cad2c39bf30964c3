/** PNG, JPEG and WebP files to red, green and blue. */
import { decodeOrRefuse, refuseFile } from "./broken-file.ts";
import { fileKind } from "./file-kind.ts";
import { jpeg, png, type RawPicture, webp } from "./libraries.ts";
import { pictureSize } from "./picture-size.ts";

/** Most pixels of a picture that is decoded: 8,192 x 8,192, a quarter of a gigabyte. */
export const MAX_PIXELS = 67_108_864;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] red, green, blue; what is transparent lies on white. */
  readonly rgb: Uint8Array;
}

const DECODERS = { png, jpeg, webp };

/** Whether {@link decodePicture} reads a file that begins so. */
export function isPicture(bytes: Uint8Array): boolean {
  return Object.hasOwn(DECODERS, fileKind(bytes));
}

/**
 * Decodes a picture, whatever its name says it is.
 *
 * @param where - the file, for messages
 * @throws {DataFormatError} if it is no such file, is cut off or broken, or claims more than {@link MAX_PIXELS}
 */
export async function decodePicture(bytes: Uint8Array, where: string): Promise<Picture> {
  const kind = fileKind(bytes);
  if (kind !== "png" && kind !== "jpeg" && kind !== "webp") {
    return refuseFile(where, "a PNG, JPEG or WebP picture", describeKind(kind));
  }
  const size = pictureSize(bytes, kind);
  if (size === undefined) return refuseFile(where, `a whole ${kind} header`, "a file cut off");
  const { width, height } = size;
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    refuseFile(where, `1 to ${MAX_PIXELS} pixels`, `${width} x ${height}`);
  }
  const raw = await decodeOrRefuse(where, `a whole ${kind} file`, () => DECODERS[kind](bytes));
  return { width: raw.width, height: raw.height, rgb: toRgb(raw) };
}

export function describeKind(kind: string): string {
  return kind === "empty"
    ? "an empty file"
    : kind === "other"
      ? "another format"
      : `a ${kind} file`;
}

/** Red, green and blue of 8 bits; what is transparent lies on white. */
export function toRgb(raw: RawPicture): Uint8Array {
  const { width, height, channels, depth } = raw;
  const values = depth < 8 ? unpackBits(raw) : raw.data;
  const largest = depth === 16 ? 65535 : 255;
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0, to = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const alpha = hasAlpha ? (values[at + channels - 1] as number) : largest;
    for (let c = 0; c < 3; c++) {
      const value = values[isGrey ? at : at + c] as number;
      // On white, rounded to the nearest of 256 steps.
      const onWhite = (value * alpha + largest * (largest - alpha)) / largest;
      rgb[to++] = Math.floor((onWhite * 255) / largest + 0.5);
    }
  }
  return rgb;
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

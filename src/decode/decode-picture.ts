/** Pictures by the platform's own decoder, to the bytes that the decoders for Node give. */
import { UnsupportedError } from "../engine/errors.ts";
import type { Picture } from "../features/picture.ts";
import { decodeOrRefuse } from "./broken-file.ts";
import { asciiAt } from "./file-kind.ts";
import { checkPictureFile, type PictureKind } from "./picture-file.ts";
import { type FileSource, readSource } from "./source.ts";

/**
 * Decodes a PNG, JPEG or WebP file, whatever its name says it is. How it is to be turned (Exif) and its colour profile
 * are not followed.
 *
 * @param where - the file, for messages
 * @returns red, green and blue; what is transparent lies on white
 * @throws {DataFormatError} if it is no such file, is cut off or broken, or claims more than 8,192 x 8,192 pixels
 * @throws {UnsupportedError} if this runtime has no decoder of pictures
 */
export async function decodePicture(
  source: FileSource,
  where = "picture",
): Promise<Picture<Uint8Array>> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") {
    throw new UnsupportedError(
      `${where}: Cannot decode a picture here: expected createImageBitmap and OffscreenCanvas, got none; decode it in a page and send the pixels, or in Node by altermodal/decode`,
    );
  }
  const bytes = await readSource(source, where);
  const kind = checkPictureFile(bytes, where);
  return decodeOrRefuse(where, `a whole ${kind} file`, async () => {
    const bitmap = await createImageBitmap(new Blob([asStored(bytes, kind)]), {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
    try {
      return onWhite(bitmap);
    } finally {
      bitmap.close();
    }
  });
}

/**
 * The file without its word on how to turn the picture: browsers follow it and cannot be told otherwise.
 * In a JPEG it is a segment that begins with "Exif" and comes before the picture.
 */
function asStored(bytes: Uint8Array, kind: PictureKind): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (kind !== "jpeg") return copy;
  const view = new DataView(copy.buffer);
  for (let at = 2; at + 10 <= copy.length && copy[at] === 0xff && copy[at + 1] !== 0xda; ) {
    if (copy[at + 1] === 0xe1 && asciiAt(copy, at + 4) === "Exif") copy.fill(0, at + 4, at + 8);
    at += 2 + view.getUint16(at + 2);
  }
  return copy;
}

function onWhite(bitmap: ImageBitmap): Picture<Uint8Array> {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no room for the pixels");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) data[3 * pixel + c] = rgba[4 * pixel + c] as number;
  }
  return { width, height, channels: 3, data };
}

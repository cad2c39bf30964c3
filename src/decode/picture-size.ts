/** Width and height that a picture's header claims, read before a decoder makes room for them. */
import { asciiAt, type FileKind } from "./file-kind.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** @returns undefined if there is no such header */
export function pictureSize(bytes: Uint8Array, kind: FileKind): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (kind === "png") return { width: view.getUint32(16), height: view.getUint32(20) };
    if (kind === "jpeg") return jpegSize(view);
    if (kind === "webp") return webpSize(bytes, view);
  } catch {
    // A read beyond the end: the header is cut off.
  }
  return undefined;
}

/** Segments follow each other up to the one that starts a frame. */
function jpegSize(view: DataView): PictureSize | undefined {
  let position = 2;
  while (position < view.byteLength) {
    if (view.getUint8(position) !== 0xff) return undefined;
    const marker = view.getUint8(position + 1);
    if (marker === 0xff) {
      position++;
      continue;
    }
    // SOF0 to SOF15 but for DHT, JPG and DAC.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(position + 5), width: view.getUint16(position + 7) };
    }
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    position += 2 + (alone ? 0 : view.getUint16(position + 2));
  }
  return undefined;
}

function webpSize(bytes: Uint8Array, view: DataView): PictureSize | undefined {
  const format = asciiAt(bytes, 12);
  if (format === "VP8X") {
    const side = (at: number) => 1 + (view.getUint16(at, true) | (view.getUint8(at + 2) << 16));
    return { width: side(24), height: side(27) };
  }
  if (format === "VP8 ") {
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  }
  if (format !== "VP8L") return undefined;
  const bits = view.getUint32(21, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

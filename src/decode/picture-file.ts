/** What is asked of a picture's file before any decoder makes room for its pixels. */
import { refuseFile } from "./broken-file.ts";
import { describeKind, fileKind } from "./file-kind.ts";
import { pictureSize } from "./picture-size.ts";

/** Most pixels of a picture that is decoded: 8,192 x 8,192, a quarter of a gigabyte. */
export const MAX_PIXELS = 67_108_864;

const KINDS = ["png", "jpeg", "webp"] as const;
export type PictureKind = (typeof KINDS)[number];

/** The kind of picture that a file begins as; undefined if it is none of those that are decoded. */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  const found = fileKind(bytes);
  return KINDS.find((kind) => kind === found);
}

/** @throws {DataFormatError} if it is no such file, its header is cut off, or it claims more than {@link MAX_PIXELS} */
export function checkPictureFile(bytes: Uint8Array, where: string): PictureKind {
  const kind = pictureKind(bytes);
  if (kind === undefined) {
    return refuseFile(where, "a PNG, JPEG or WebP picture", describeKind(bytes));
  }
  const size = pictureSize(bytes, kind);
  if (size === undefined) return refuseFile(where, `a whole ${kind} header`, "a file cut off");
  const { width, height } = size;
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    refuseFile(where, `1 to ${MAX_PIXELS} pixels`, `${width} x ${height}`);
  }
  return kind;
}

/** Pictures in memory: rows of pixels of interleaved channels, as decoders give them. */
import { formatShape, ShapeError } from "../engine/errors.ts";
import { checkKind } from "./checks.ts";

/** Bytes of 0 to 255, or numbers on any scale. */
export type PictureData = Uint8Array | Float32Array;

export interface Picture<D extends PictureData = PictureData> {
  readonly width: number;
  readonly height: number;
  /** 1 (grey), 3 (red, green, blue), 4 (and opacity), or any number of planes. */
  readonly channels: number;
  /** [height, width, channels], row-major. */
  readonly data: D;
}

const MOST_CHANNELS = 1024;

/**
 * @throws {DataError} if the data are neither bytes nor f32 numbers
 * @throws {ShapeError} if a side or the number of channels is no whole number >= 1, or the data are not of that shape
 */
export function checkPicture(where: string, { width, height, channels, data }: Picture): void {
  checkKind(where, "picture", data, ["Uint8Array", "Float32Array"]);
  const shape = [height, width, channels];
  if (!shape.every((n) => Number.isInteger(n) && n >= 1) || channels > MOST_CHANNELS) {
    throw new ShapeError(
      `${where}: Cannot use the picture: expected height, width and channels >= 1, got ${formatShape(shape)}`,
    );
  }
  if (data.length !== height * width * channels) {
    throw new ShapeError(
      `${where}: Cannot use the picture: expected ${height * width * channels} numbers for ${formatShape(shape)}, got ${data.length}`,
    );
  }
}

/** By the size of an element, not by class: an array may come from another window. */
export function isBytes(data: PictureData): data is Uint8Array {
  return data.BYTES_PER_ELEMENT === 1;
}

/** Memory for `length` numbers of the same kind as `data`. */
export function sameKind<D extends PictureData>(data: D, length: number): D {
  return (isBytes(data) ? new Uint8Array(length) : new Float32Array(length)) as D;
}

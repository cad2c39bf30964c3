import { DataFormatError } from "../engine/errors.ts";

/** Float32 numbers as base64 of their little-endian bytes: exact, and a third of the length of decimal text. */
export type PackedFloats = string;

/** Packs float32 numbers for a JSON record. */
export function packFloats(values: ArrayLike<number>): PackedFloats {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i] as number, true);
  let binary = "";
  for (let i = 0; i < view.byteLength; i++) binary += String.fromCharCode(view.getUint8(i));
  return btoa(binary);
}

/**
 * Reads what {@link packFloats} wrote, bit for bit (a NaN stays a NaN).
 *
 * @throws {DataFormatError} if the text is no base64 or ends within a number
 */
export function unpackFloats(packed: PackedFloats): Float32Array {
  let binary: string;
  try {
    binary = atob(packed);
  } catch {
    throw new DataFormatError("unpack: Cannot read numbers: expected base64 text, got other text");
  }
  if (binary.length % 4 !== 0) {
    throw new DataFormatError(
      `unpack: Cannot read numbers: expected a multiple of 4 bytes, got ${binary.length}`,
    );
  }
  const view = new DataView(new ArrayBuffer(binary.length));
  for (let i = 0; i < binary.length; i++) view.setUint8(i, binary.charCodeAt(i));
  return Float32Array.from({ length: binary.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

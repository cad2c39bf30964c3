/**
 * Safetensors files, written and read: 8 bytes with the header's length (little-endian), a JSON header
 * `{ name: { dtype, shape, data_offsets: [begin, end] }, __metadata__: { key: text } }`, then the
 * tensors' bytes without holes. Everything a file claims is checked before anything is allocated for it.
 */
import { DataError, formatShape } from "../engine/errors.ts";
import { DTYPES, type DtypeName, dtypeOf, type TensorArray } from "./dtypes.ts";
import { decodeHeader, encodeHeader, METADATA } from "./safetensors-header.ts";

/** A tensor to write: row-major values and their shape (`[]` for a single number). */
export interface TensorInput {
  readonly shape: readonly number[];
  readonly data: TensorArray;
  /** Type of the elements, which `data` holds as bits; default: that of the array. */
  readonly storeAs?: DtypeName;
}

/** A tensor read: `dtype` as stored; F16 and BF16 arrive widened to float32. */
export interface StoredTensor extends TensorInput {
  readonly dtype: DtypeName;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Writes tensors and texts; the same input gives the same bytes. Wide types come first, so that every
 * tensor lies aligned to its own size.
 *
 * @throws {DataError} if a shape does not hold its values, or a name is `__metadata__`
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const plans = Object.entries(tensors).map(([name, tensor]) => {
    const { shape, data, storeAs: dtype = dtypeOf(data) } = tensor;
    checkTensor(name, shape, data, dtype);
    return { name, dtype, shape };
  });
  const { bytes: head, entries } = encodeHeader(plans, metadata);
  const file = new Uint8Array(head.length + (entries.at(-1)?.end ?? 0));
  file.set(head);
  for (const { name, begin } of entries) {
    const { data } = tensors[name] as TensorInput;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length + begin);
  }
  return file;
}

function checkTensor(
  name: string,
  shape: readonly number[],
  data: TensorArray,
  dtype: DtypeName,
): void {
  const count = shape.reduce((product, side) => product * side, 1);
  const isShape = shape.every((side) => Number.isSafeInteger(side) && side >= 0);
  if (name === METADATA || count !== data.length || !isShape) {
    throw new DataError(
      `safetensors: Cannot write tensor "${name}": expected ${formatShape(shape)} values, got ${data.length}`,
    );
  }
  if (DTYPES[dtype].bytes === data.BYTES_PER_ELEMENT) return;
  throw new DataError(
    `safetensors: Cannot write tensor "${name}" as ${dtype}: expected ${DTYPES[dtype].bytes} bytes per element, got ${data.BYTES_PER_ELEMENT}`,
  );
}

/**
 * Reads a file. Tensors are copies, so the bytes may be reused.
 *
 * @param where - the file's name, for messages
 * @throws {DataFormatError} if the file is truncated, contradicts itself, or uses an unknown type
 */
export function decodeSafetensors(bytes: Uint8Array, where = "safetensors"): TensorFile {
  const { entries, metadata, start } = decodeHeader(bytes, bytes.length, where);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const owned = new Uint8Array(end - begin);
    owned.set(bytes.subarray(start + begin, start + end));
    tensors.set(name, { dtype, shape, data: DTYPES[dtype].read(owned.buffer) });
  }
  return { tensors, metadata };
}

/**
 * Safetensors files, written and read: 8 bytes with the header's length (little-endian), a JSON header
 * `{ name: { dtype, shape, data_offsets: [begin, end] }, __metadata__: { key: text } }`, then the
 * tensors' bytes without holes. Everything a file claims is checked before anything is allocated for it.
 */
import { DataError, DataFormatError, formatNames, formatShape } from "../engine/errors.ts";
import { DTYPES, type DtypeName, dtypeOf, type TensorArray } from "./dtypes.ts";
import { findRepeatedKey } from "./unique-keys.ts";

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** The format's own limit on the header. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 16;
const METADATA = "__metadata__";

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

interface Entry {
  readonly name: string;
  readonly dtype: DtypeName;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
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
): Uint8Array {
  const names = Object.keys(tensors).sort();
  names.sort((a, b) => elementBytes(tensors[b]) - elementBytes(tensors[a]));
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([METADATA, metadata]);
  let end = 0;
  for (const name of names) {
    const { shape, data, storeAs = dtypeOf(data) } = tensors[name] as TensorInput;
    checkTensor(name, shape, data, storeAs);
    const begin = end;
    end += data.byteLength;
    header.push([name, { dtype: storeAs, shape, data_offsets: [begin, end] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const name of names) {
    const { data } = tensors[name] as TensorInput;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

function elementBytes(tensor: TensorInput | undefined): number {
  return tensor?.data.BYTES_PER_ELEMENT ?? 0;
}

function checkTensor(
  name: string,
  shape: readonly number[],
  data: TensorArray,
  dtype: DtypeName,
): void {
  const count = shape.reduce((product, side) => product * side, 1);
  if (name === METADATA || count !== data.length || shape.some((side) => !isWhole(side))) {
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
  const fail: Fail = (what, expected, actual) => {
    throw new DataFormatError(`${where}: ${what}: expected ${expected}, got ${actual}`);
  };
  const headerBytes = readHeaderLength(bytes, fail);
  const start = LENGTH_BYTES + headerBytes;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), fail);
  const metadata = readMetadata(header[METADATA], fail);
  const entries = Object.keys(header)
    .filter((name) => name !== METADATA)
    .map((name) => readEntry(name, header[name], fail));
  checkLayout(entries, bytes.length - start, fail);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const owned = new Uint8Array(end - begin);
    owned.set(bytes.subarray(start + begin, start + end));
    tensors.set(name, { dtype, shape, data: DTYPES[dtype].read(owned.buffer) });
  }
  return { tensors, metadata };
}

type Fail = (what: string, expected: string, actual: string) => never;

function readHeaderLength(bytes: Uint8Array, fail: Fail): number {
  if (bytes.length < LENGTH_BYTES) {
    fail("Cannot read the length", `${LENGTH_BYTES} bytes`, `${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const available = Math.min(MAX_HEADER_BYTES, bytes.length - LENGTH_BYTES);
  if (length > BigInt(available)) {
    fail("Cannot read the header", `at most ${available} bytes`, `${length}`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  let repeated: string | undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
    repeated = findRepeatedKey(text);
  } catch (error) {
    fail("Cannot parse the header", "JSON in UTF-8", (error as Error).message);
  }
  if (repeated !== undefined) fail("Cannot use the header", "each key once", `"${repeated}" twice`);
  if (!isRecord(header)) fail("Cannot use the header", "an object", describe(header));
  return header;
}

function readMetadata(value: unknown, fail: Fail): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isRecord(value)) fail("Cannot use the metadata", "an object", describe(value));
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") fail(`Cannot use metadata "${key}"`, "a text", describe(text));
  }
  return new Map(Object.entries(value) as [string, string][]);
}

function readEntry(name: string, value: unknown, fail: Fail): Entry {
  const what = `Cannot use tensor "${name}"`;
  if (!isRecord(value)) fail(what, "an object", describe(value));
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) {
    fail(what, `a dtype of ${formatNames(Object.keys(DTYPES))}`, describe(dtype));
  }
  if (!isWholeList(shape) || shape.length > MAX_RANK) {
    fail(what, `a shape of at most ${MAX_RANK} whole numbers`, describe(shape));
  }
  if (!isWholeList(offsets) || offsets.length !== 2) {
    fail(what, "data_offsets of two whole numbers", describe(offsets));
  }
  const [begin, end] = offsets as [number, number];
  let bytes = DTYPES[dtype as DtypeName].bytes;
  for (const side of shape) {
    bytes *= side;
    if (!Number.isSafeInteger(bytes)) fail(what, "a size below 2^53 bytes", formatShape(shape));
  }
  if (end - begin !== bytes)
    fail(what, `${bytes} bytes for ${formatShape(shape)}`, `${end - begin}`);
  return { name, dtype: dtype as DtypeName, shape, begin, end };
}

/** Tensors must follow each other from the first byte to the last: no overlap, no hole, no end beyond the file. */
function checkLayout(entries: readonly Entry[], available: number, fail: Fail): void {
  const ordered = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { name, begin, end } of ordered) {
    if (begin !== position) fail(`Cannot place tensor "${name}"`, `byte ${position}`, `${begin}`);
    position = end;
  }
  if (position !== available) {
    const remedy = available < position ? "; the file is not whole: fetch or copy it again" : "";
    fail("Cannot read the tensors", `${position} bytes after the header`, available + remedy);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isWhole);
}

/** A hostile value for a message: short, and lists and objects not looked into. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}

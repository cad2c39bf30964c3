/**
 * The header of a safetensors file, written and read apart from the tensors: so files larger than memory can be
 * written piece by piece and read row by row.
 */
import { DataFormatError, formatNames, formatShape } from "../engine/errors.ts";
import { DTYPES, type DtypeName } from "./dtypes.ts";
import { findRepeatedKey } from "./unique-keys.ts";

/** Bytes before the header that hold its length. */
export const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** The format's own limit on the header. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 16;
export const METADATA = "__metadata__";

/** A tensor to come: its place follows from the order. */
export interface TensorPlan {
  readonly name: string;
  readonly dtype: DtypeName;
  readonly shape: readonly number[];
}

/** Where a tensor lies: bytes from `begin` to `end`, counted from the end of the header. */
export interface TensorEntry extends TensorPlan {
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Position in the file of the first tensor's first byte. */
  readonly start: number;
}

/**
 * The first bytes of a file, up to its first tensor, and where each tensor goes. Wide types come first, then names in
 * order, so that every tensor lies aligned to its own size and the same plans give the same bytes.
 */
export function encodeHeader(
  plans: readonly TensorPlan[],
  metadata: Readonly<Record<string, string>>,
): { readonly bytes: Uint8Array; readonly entries: readonly TensorEntry[] } {
  const ordered = [...plans].sort(
    (a, b) => DTYPES[b.dtype].bytes - DTYPES[a.dtype].bytes || (a.name < b.name ? -1 : 1),
  );
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([METADATA, metadata]);
  let end = 0;
  const entries = ordered.map((plan) => {
    const begin = end;
    const { name, dtype, shape } = plan;
    end += shape.reduce((product, side) => product * side, DTYPES[dtype].bytes);
    header.push([name, { dtype, shape, data_offsets: [begin, end] }]);
    return { ...plan, begin, end };
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, LENGTH_BYTES);
  return { bytes, entries };
}

/**
 * How many bytes at the start of a file are needed by {@link decodeHeader}.
 *
 * @param bytes - at least the first eight
 * @param fileBytes - size of the whole file
 * @throws {DataFormatError} if the file cannot hold such a header
 */
export function headerEnd(bytes: Uint8Array, fileBytes: number, where: string): number {
  return LENGTH_BYTES + readHeaderLength(bytes, fileBytes, failAt(where));
}

/**
 * Reads and checks the header.
 *
 * @param bytes - the start of the file, at least up to {@link headerEnd}
 * @param fileBytes - size of the whole file
 * @throws {DataFormatError} if the file is truncated, contradicts itself, or uses an unknown type
 */
export function decodeHeader(
  bytes: Uint8Array,
  fileBytes: number,
  where: string,
): SafetensorsHeader {
  const fail = failAt(where);
  const start = headerEnd(bytes, fileBytes, where);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), fail);
  const metadata = readMetadata(header[METADATA], fail);
  const entries = Object.keys(header)
    .filter((name) => name !== METADATA)
    .map((name) => readEntry(name, header[name], fail));
  checkLayout(entries, fileBytes - start, fail);
  return { entries, metadata, start };
}

function failAt(where: string): Fail {
  return (what, expected, actual) => {
    throw new DataFormatError(`${where}: ${what}: expected ${expected}, got ${actual}`);
  };
}

type Fail = (what: string, expected: string, actual: string) => never;

function readHeaderLength(bytes: Uint8Array, fileBytes: number, fail: Fail): number {
  if (bytes.length < LENGTH_BYTES) {
    fail("Cannot read the length", `${LENGTH_BYTES} bytes`, `${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const available = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
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

function readEntry(name: string, value: unknown, fail: Fail): TensorEntry {
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
function checkLayout(entries: readonly TensorEntry[], available: number, fail: Fail): void {
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

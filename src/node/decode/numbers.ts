/** Numbers in files: NPY, NPZ, safetensors, and CSV without a header. */
import { decodeOrRefuse, refuseFile } from "../../decode/broken-file.ts";
import { describeKind, fileKind } from "../../decode/file-kind.ts";
import { decodeSafetensors } from "../../io/safetensors.ts";
import { csv, zip } from "./libraries.ts";

export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Most numbers of one array. */
const MAX_NUMBERS = 1 << 28;

type Read = (view: DataView, at: number, little: boolean) => number;
const TYPES: Readonly<Record<string, readonly [bytes: number, read: Read]>> = {
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  b1: [1, (view, at) => view.getUint8(at)],
};

/**
 * An array of a file, or of one entry in it: a name in an NPZ or safetensors file, a row of any other.
 *
 * @throws {DataFormatError} if the file is cut off, of another format, has no such entry, or holds what is no finite number
 */
export async function readNumbers(
  bytes: Uint8Array,
  where: string,
  entry?: number | string,
): Promise<NumberArray> {
  const all = await readArray(bytes, where, entry);
  const row = Number(entry);
  const array = entry === undefined || !Number.isInteger(row) ? all : rowOf(all, row, where);
  for (const value of array.values) {
    if (!Number.isFinite(value)) refuseFile(where, "finite numbers", `${value}`);
  }
  return array;
}

async function readArray(
  bytes: Uint8Array,
  where: string,
  entry?: number | string,
): Promise<NumberArray> {
  const kind = fileKind(bytes);
  if (kind === "empty") return refuseFile(where, "numbers", "an empty file");
  if (kind === "npy") return decodeNpy(bytes, where);
  if (kind === "zip") {
    const files = await decodeOrRefuse(where, "an NPZ file", () => zip(bytes, 4 * MAX_NUMBERS));
    const name = pick(Object.keys(files), `${entry}.npy`, where);
    return decodeNpy(files[name] as Uint8Array, `${where}/${name}`);
  }
  if (/\.safetensors$/i.test(where)) {
    const { tensors } = decodeSafetensors(bytes, where);
    const { shape, data } = tensors.get(pick([...tensors.keys()], `${entry}`, where)) as never;
    return { shape, values: Float32Array.from(data as ArrayLike<number | bigint>, Number) };
  }
  if (kind !== "other") {
    return refuseFile(where, "numbers (NPY, NPZ, safetensors or CSV)", describeKind(bytes));
  }
  return decodeTable(bytes, where);
}

/** The asked name, or the only one. */
function pick(names: readonly string[], asked: string, where: string): string {
  const [only] = names;
  if (names.includes(asked)) return asked;
  if (names.length === 1 && only !== undefined) return only;
  return refuseFile(where, `an entry of ${names.join(", ")}`, asked);
}

function rowOf({ shape, values }: NumberArray, row: number, where: string): NumberArray {
  const [rows = 0, ...rest] = shape;
  if (row < 0 || row >= rows) refuseFile(where, `a row from 0 to ${rows - 1}`, `${row}`);
  const length = rest.reduce((product, side) => product * side, 1);
  return { shape: rest, values: values.slice(row * length, (row + 1) * length) };
}

/** NumPy's format: magic, version, length of the header, a Python dictionary as text, then the values. */
function decodeNpy(bytes: Uint8Array, where: string): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return refuseFile(where, "a whole NPY header", "a file cut off");
  const long = (bytes[6] as number) > 1;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + length;
  const header = new TextDecoder("latin1").decode(bytes.subarray(start - length, start));
  const type = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const known = TYPES[type?.[2] ?? ""];
  if (type === null || known === undefined || shapeText === undefined) {
    return refuseFile(where, `numbers of ${Object.keys(TYPES).join(", ")}`, header.slice(0, 80));
  }
  if (/'fortran_order':\s*True/.test(header)) return refuseFile(where, "C order", "Fortran order");
  const shape = shapeText.split(",").flatMap((side) => (side.trim() === "" ? [] : [Number(side)]));
  const count = shape.reduce((product, side) => product * side, 1);
  const [size, read] = known;
  if (count > MAX_NUMBERS || start + count * size !== bytes.length) {
    return refuseFile(where, `${bytes.length - start} bytes of values`, `${count * size} claimed`);
  }
  const little = type[1] !== ">";
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, start + i * size, little);
  return { shape, values };
}

function decodeTable(bytes: Uint8Array, where: string): NumberArray {
  const { rows } = csv(new TextDecoder().decode(bytes));
  const [first] = rows;
  if (first === undefined) return refuseFile(where, "numbers", "none");
  const columns = first.cells.length;
  const values = new Float32Array(rows.length * columns);
  rows.forEach(({ line, cells }, row) => {
    if (cells.length !== columns)
      refuseFile(`${where}:${line}`, `${columns} cells`, `${cells.length}`);
    cells.forEach((cell, column) => {
      const value = cell.trim() === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(value))
        refuseFile(`${where}:${line}`, "a number", `"${cell.slice(0, 40)}"`);
      values[row * columns + column] = value;
    });
  });
  return { shape: rows.length === 1 ? [columns] : [rows.length, columns], values };
}

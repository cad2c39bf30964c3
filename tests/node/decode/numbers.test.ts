import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readNumbers } from "../../../src/node/decode/numbers.ts";

/** A file of NumPy's with these bytes. */
function npy(type: string, shape: string, values: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1");
  return Buffer.concat([head, values]);
}

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer);
/** The same numbers, most significant byte first. */
const swapped = (array: ArrayBufferView & { BYTES_PER_ELEMENT: number }) => {
  const bytes = bytesOf(array).slice();
  for (let i = 0; i < bytes.length; i += array.BYTES_PER_ELEMENT) {
    bytes.subarray(i, i + array.BYTES_PER_ELEMENT).reverse();
  }
  return bytes;
};
const read = async (bytes: Uint8Array, entry?: number | string) => {
  const { shape, values } = await readNumbers(bytes, "numbers.npz", entry);
  return [shape, [...values]];
};

describe("readNumbers()", () => {
  it.each([
    ["<f8", Float64Array.of(1.5, -2)],
    ["<i8", BigInt64Array.of(1n, -2n)],
    ["<u2", Uint16Array.of(1, 65535)],
    ["|b1", Uint8Array.of(1, 0)],
  ])("reads NPY of %s", async (type, array) => {
    expect(await read(npy(type, "2,", bytesOf(array)))).toEqual([[2], Array.from(array, Number)]);
  });

  it.each([
    [">f4", Float32Array.of(1.5, -2)],
    [">f8", Float64Array.of(1.5, -2)],
    [">i8", BigInt64Array.of(1n, -2n)],
    [">i2", Int16Array.of(258, -2)],
  ])("reads NPY of %s, the large end first", async (type, array) => {
    expect(await read(npy(type, "2,", swapped(array)))).toEqual([[2], Array.from(array, Number)]);
  });

  it("reads an entry of an NPZ, the only one without a name, and a row", async () => {
    const a = npy("<f4", "2, 2", bytesOf(Float32Array.of(1, 2, 3, 4)));
    const b = npy("<f4", "1,", bytesOf(Float32Array.of(9)));
    expect(await read(zipSync({ "a.npy": a, "b.npy": b }), "b")).toEqual([[1], [9]]);
    expect(await read(zipSync({ "a.npy": a }))).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
    expect(await read(zipSync({ "a.npy": a }), 1)).toEqual([[2], [3, 4]]);
    await expect(read(zipSync({ "a.npy": a, "b.npy": b }), "c")).rejects.toThrow(
      "an entry of a.npy, b.npy, got c.npy",
    );
  });

  it.each([
    ["half a zip", zipSync({ "a.npy": new Uint8Array(500) }).subarray(0, 60), "an NPZ file"],
    ["too few values", npy("<f4", "3,", new Uint8Array(8)), "got 12 claimed"],
    ["complex numbers", npy("<c8", "1,", new Uint8Array(8)), "numbers of f4, f8"],
    ["NaN", npy("<f8", "1,", bytesOf(Float64Array.of(Number.NaN))), "finite numbers, got NaN"],
  ])("refuses %s", async (_name, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(
      expect.objectContaining({
        name: "DataFormatError",
        message: expect.stringContaining(message),
      }),
    );
  });
});

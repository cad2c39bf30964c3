import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, DataFormatError } from "../../src/engine/errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";

const SEED = 20240601;

/** A file with any header, any bytes after it and any claimed header length. */
function createFile(header: unknown, dataBytes = 0, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (change: object = {}) => ({
  dtype: "F32",
  shape: [2],
  data_offsets: [0, 8],
  ...change,
});

const arbitraryArray = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);

describe("encodeSafetensors() and decodeSafetensors()", () => {
  it("give back every bit, shape and text under any name", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__" && isWellFormed(text)),
      fc.constantFrom("__proto__", "constructor", "7"),
    );
    const texts = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, arbitraryArray), texts, (arrays, metadata) => {
        const tensors = Object.fromEntries(
          Object.entries(arrays).map(([key, data]) => [key, { shape: [1, data.length], data }]),
        );
        const file = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(Object.fromEntries(file.metadata)).toEqual(
          Object.fromEntries(Object.entries(metadata)),
        );
        expect([...file.tensors.keys()].sort()).toEqual(Object.keys(arrays).sort());
        for (const [key, tensor] of file.tensors) {
          const wanted = tensors[key];
          expect(tensor.shape).toEqual(wanted?.shape);
          expect(tensor.data.constructor).toBe(wanted?.data.constructor);
          expect(bytesOf(tensor.data)).toEqual(bytesOf(wanted?.data as Float32Array));
        }
      }),
      { seed: SEED },
    );
  });

  it("write the same bytes whatever the order of the tensors", () => {
    const a = { shape: [3], data: Uint8Array.of(1, 2, 3) };
    const b = { shape: [], data: Float64Array.of(0.5) };
    expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }));
  });

  it("follow the layout of the format", () => {
    const file = encodeSafetensors(
      { w: { shape: [1, 2], data: Float32Array.of(1, 2) } },
      { k: "v" },
    );
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { k: "v" },
      w: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    });
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  });

  it("refuse to write a shape that does not hold its values", () => {
    const write = () => encodeSafetensors({ w: { shape: [3], data: Float32Array.of(1, 2) } });
    expect(write).toThrow(DataError);
    expect(write).toThrow('safetensors: Cannot write tensor "w": expected [3] values, got 2');
    const reserved = { __metadata__: { shape: [0], data: new Uint8Array(0) } };
    expect(() => encodeSafetensors(reserved)).toThrow("Cannot write");
  });
});

describe("decodeSafetensors()", () => {
  it("widens half precision exactly", () => {
    const file = createFile({ h: { dtype: "F16", shape: [8], data_offsets: [0, 16] } }, 16);
    const halves = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x8000, 0x7c00, 0x7e00];
    const view = new DataView(file.buffer, file.length - 16);
    halves.forEach((bits, i) => {
      view.setUint16(2 * i, bits, true);
    });
    const { data } = decodeSafetensors(file).tensors.get("h") as { data: Float32Array };
    expect([...data]).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, -0, Infinity, NaN]);
  });

  it("widens bfloat16 exactly", () => {
    const file = createFile({ h: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } }, 4);
    const view = new DataView(file.buffer, file.length - 4);
    view.setUint16(0, 0x3fc0, true);
    view.setUint16(2, 0xff80, true);
    expect(decodeSafetensors(file).tensors.get("h")?.data).toEqual(
      Float32Array.of(1.5, Number.NEGATIVE_INFINITY),
    );
  });

  it("copies, so that later changes of the bytes do not show", () => {
    const file = encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, 2) } });
    const { tensors } = decodeSafetensors(file);
    file.fill(0);
    expect(tensors.get("w")?.data).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    ["no length", new Uint8Array(7), "expected 8 bytes, got 7"],
    ["a header beyond the file", createFile({}, 0, 3n), "at most 2 bytes, got 3"],
    ["a header beyond any file", createFile({}, 0, 2n ** 64n - 1n), "got 18446744073709551615"],
    ["no JSON", createFile("{"), "expected JSON in UTF-8"],
    ["broken UTF-8", createFile("{}", 0).fill(0xff, 8), "expected JSON in UTF-8"],
    ["a list as header", createFile("[]"), "expected an object, got a list"],
    ["a repeated tensor", createFile('{"a":1,"b":{},"\\u0061":2}'), '"a" twice'],
    ["a repeated field", createFile('{"a":{"shape":[],"shape":[1]}}'), '"shape" twice'],
    ["metadata that is no text", createFile({ __metadata__: { a: 1 } }), "expected a text, got 1"],
    [
      "metadata that is no object",
      createFile({ __metadata__: [] }),
      "metadata: expected an object",
    ],
    ["a tensor that is no object", createFile({ a: null }), "expected an object, got null"],
    ["an unknown type", createFile({ a: entry({ dtype: "F8" }) }, 8), 'got "F8"'],
    ["a type from the prototype", createFile({ a: entry({ dtype: "toString" }) }, 8), "a dtype of"],
    ["a negative side", createFile({ a: entry({ shape: [-2] }) }, 8), "whole numbers, got a list"],
    ["a fraction", createFile({ a: entry({ shape: [0.5] }) }, 8), "whole numbers, got a list"],
    ["too many sides", createFile({ a: entry({ shape: Array(17).fill(1) }) }, 4), "at most 16"],
    ["a huge side", createFile({ a: entry({ shape: [2 ** 51, 2] }) }, 8), "below 2^53 bytes"],
    [
      "more bytes than there are",
      createFile({ a: entry({ shape: [2 ** 40], data_offsets: [0, 2 ** 42] }) }, 8),
      `expected ${2 ** 42} bytes after the header, got 8`,
    ],
    ["a huge product", createFile({ a: entry({ shape: [2 ** 40, 2 ** 40, 0] }) }), "below 2^53"],
    ["no offsets", createFile({ a: entry({ data_offsets: undefined }) }, 8), "got nothing"],
    ["one offset", createFile({ a: entry({ data_offsets: [0] }) }, 8), "two whole numbers"],
    ["offsets backwards", createFile({ a: entry({ data_offsets: [8, 0] }) }, 8), "got -8"],
    [
      "a wrong size",
      createFile({ a: entry({ data_offsets: [0, 4] }) }, 4),
      "8 bytes for [2], got 4",
    ],
    ["an overlap", createFile({ a: entry(), b: entry() }, 8), '"b": expected byte 8, got 0'],
    [
      "a hole",
      createFile({ a: entry(), b: entry({ data_offsets: [12, 20] }) }, 20),
      "expected byte 8, got 12",
    ],
    ["a missing end", createFile({ a: entry() }, 7), "expected 8 bytes after the header, got 7"],
    ["bytes left over", createFile({ a: entry() }, 9), "expected 8 bytes after the header, got 9"],
  ])("refuses %s", (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "model.safetensors")).toThrow(DataFormatError);
    expect(() => decodeSafetensors(bytes, "model.safetensors")).toThrow(message);
    expect(() => decodeSafetensors(bytes, "model.safetensors")).toThrow(/^model\.safetensors: /);
  });

  it("refuses deep nesting without overflowing the stack", () => {
    const deep = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect(() => decodeSafetensors(createFile(deep))).toThrow(DataFormatError);
  });

  it("answers any damage with a DataFormatError or an equally large result", () => {
    const sound = encodeSafetensors(
      {
        weight: { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) },
        steps: { shape: [], data: Int32Array.of(7) },
        bytes: { shape: [5], data: Uint8Array.of(1, 2, 3, 4, 5) },
      },
      { config: "abc" },
    );
    const flips = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(flips, fc.nat(sound.length), (changes, end) => {
        const damaged = sound.slice();
        for (const [at, bits] of changes) damaged[at] = (damaged[at] as number) ^ bits;
        try {
          const { tensors } = decodeSafetensors(damaged.subarray(0, end));
          let bytes = 0;
          for (const { data } of tensors.values()) bytes += data.byteLength;
          expect(bytes).toBeLessThanOrEqual(2 * sound.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DataFormatError);
        }
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it("detects every truncation", () => {
    const sound = encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, 2) } });
    for (let end = 0; end < sound.length; end++) {
      expect(() => decodeSafetensors(sound.subarray(0, end))).toThrow(DataFormatError);
    }
  });
});

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Texts with half a surrogate pair have no UTF-8 form. */
function isWellFormed(text: string): boolean {
  return new TextDecoder().decode(new TextEncoder().encode(text)) === text;
}
